using System.Text.Json.Nodes;

namespace AiGateway.StandIn.Requests;

/// <summary>A refused request, with its error in a vendor's envelope.</summary>
internal sealed class Refusal(int status, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string? Type { get; init; }

    public string? Code { get; init; }

    public string? Param { get; init; }

    public static Refusal Of(string param, string message, string? code = null) => new(400, message) { Param = param, Code = code };

    public static Refusal WrongType(string param, string expected) =>
        Of(param, $"'{param}' has the wrong type: it must be {expected}.", "invalid_type");

    public static Refusal NoSuchModel(string model) =>
        new(404, $"The model '{model}' does not exist.") { Param = "model", Code = "model_not_found" };

    public JsonObject ToJson() => new()
    {
        ["error"] = new JsonObject { ["message"] = Message, ["type"] = Type ?? DefaultType, ["param"] = Param, ["code"] = Code ?? DefaultCode },
    };

    /// <summary>The same in Anthropic's envelope.</summary>
    public JsonObject ToAnthropicJson(string requestId) => new()
    {
        ["type"] = "error",
        ["error"] = new JsonObject { ["type"] = Type ?? AnthropicType, ["message"] = Message },
        ["request_id"] = requestId,
    };

    private string AnthropicType => Status switch
    {
        401 => "authentication_error",
        403 => "permission_error",
        404 => "not_found_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        529 => "overloaded_error",
        504 => "timeout_error",
        >= 500 => "api_error",
        _ => "invalid_request_error",
    };

    private string DefaultType => Status switch
    {
        429 => "requests",
        >= 500 => "server_error",
        _ => "invalid_request_error",
    };

    private string? DefaultCode => Status == 429 ? "rate_limit_exceeded" : null;
}
