using System.Text.Json;
using AiGateway.Domain;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace AiGateway.Api.Errors;

/// <summary>Explains in the caller's terms why a body or a query could not be read.</summary>
internal static class BindingFaults
{
    public static AiGatewayException From(ModelStateDictionary state)
    {
        var faults = new List<Fault>();
        foreach (var (key, entry) in state)
        {
            foreach (var error in entry.Errors)
            {
                if (error.Exception is UnsupportedContentTypeException)
                    return ErrorTable.FromBareStatus(StatusCodes.Status415UnsupportedMediaType)!;
                if (faults.Count < InvalidRequestException.MaxFaults) faults.Add(new Fault(FieldOf(key), Describe(error)));
            }
        }

        return new InvalidRequestException(faults);
    }

    // The serializer's paths look like $.options.temperature. A parameter of a query has the name of its property.
    private static string FieldOf(string key) => key.StartsWith("$.", StringComparison.Ordinal)
        ? key[2..]
        : key == "$" ? "" : JsonNamingPolicy.CamelCase.ConvertName(key);

    // The serializer's own messages name internal types.
    private static string Describe(ModelError error) => error.ErrorMessage switch
    {
        var unknown when unknown.Contains("could not be mapped", StringComparison.Ordinal) => "is not a member of this request",
        var twice when twice.Contains("Duplicate property", StringComparison.Ordinal) => "is given twice",
        var wrong when wrong.Contains("could not be converted", StringComparison.Ordinal) => "has the wrong type, or is out of range",
        var malformed when malformed.IndexOf("LineNumber", StringComparison.Ordinal) is >= 0 and var at => $"is malformed JSON ({PlaceIn(malformed[at..])})",
        "" => "could not be read",
        var said => said,
    };

    // "LineNumber: 0 | BytePositionInLine: 11."
    private static string PlaceIn(string place)
    {
        var numbers = place.Split(':', '|', '.').Select(part => int.TryParse(part, out var number) ? number + 1 : 0).Where(number => number > 0).ToArray();
        return numbers.Length == 2 ? $"line {numbers[0]}, byte {numbers[1]}" : "position unknown";
    }
}
