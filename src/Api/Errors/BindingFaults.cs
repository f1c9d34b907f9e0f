using System.Text.Json;
using AiGateway.Domain;
using Microsoft.AspNetCore.Mvc.Formatters;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace AiGateway.Api.Errors;

/// <summary>Says in the caller's terms why a body or a query could not be read.</summary>
internal static class BindingFaults
{
    public static InvalidRequestException From(ModelStateDictionary state)
    {
        var faults = new List<Fault>();
        foreach (var (key, entry) in state)
        {
            foreach (var error in entry.Errors) faults.Add(new Fault(FieldOf(key), Describe(error)));
        }

        return new InvalidRequestException(faults);
    }

    // The serializer's paths look like $.options.temperature.
    private static string FieldOf(string key) => key.StartsWith("$.", StringComparison.Ordinal) ? key[2..] : key == "$" ? "" : key;

    private static string Describe(ModelError error)
    {
        var cause = error.Exception is InputFormatterException { InnerException: JsonException inner } ? inner : error.Exception;
        if (cause is not JsonException json) return error.ErrorMessage.Length > 0 ? error.ErrorMessage : "could not be read";
        if (json.Message.Contains("could not be mapped", StringComparison.Ordinal)) return "is not a member of this request";
        if (json.Message.Contains("uplicate", StringComparison.Ordinal)) return "is given twice";
        return $"is malformed or of the wrong type (line {json.LineNumber + 1}, byte {json.BytePositionInLine + 1})";
    }
}
