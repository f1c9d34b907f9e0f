using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiGateway.Domain;

namespace AiGateway.Api.Errors;

/// <summary>
/// Failures in Anthropic's form. The type follows from the status, except that a provider's refusal keeps the provider's own
/// type and words.
/// </summary>
internal static class AnthropicErrors
{
    /// <summary>The header by which Anthropic's clients name a request.</summary>
    public const string RequestIdHeader = "request-id";

    /// <summary>The member that asks the provider to store the conversation.</summary>
    public const string ThreadMember = "thread";

    // Agents look for these words and then shorten the conversation.
    private const string TooLong = "prompt is too long";

    /// <summary>How such errors are written.</summary>
    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="failure">The failure.</param>
    /// <param name="requestId">The gateway's id of the request.</param>
    public static AnthropicErrorResponse ToAnthropic(AiGatewayException failure, string requestId) => new(
        "error",
        new(TypeOf(failure), MessageOf(failure), ReasonOf(failure)),
        (failure as ProviderException)?.ProviderRequestId ?? requestId);

    private static string TypeOf(AiGatewayException failure) =>
        (failure as ProviderException)?.ProviderErrorType ?? ErrorTable.StatusOf(failure) switch
        {
            401 => "authentication_error",
            403 => "permission_error",
            404 => "not_found_error",
            413 => "request_too_large",
            429 => "rate_limit_error",
            503 => "overloaded_error",
            504 => "timeout_error",
            < 500 => "invalid_request_error",
            _ => "api_error",
        };

    // Anthropic's agents begin with a thread. They go on without one when they read this code.
    private static AnthropicErrorReason? ReasonOf(AiGatewayException failure) =>
        failure is InvalidRequestException { Faults: var faults } && faults.Any(fault => fault.Field == ThreadMember) ? new("thread_unsupported_request") : null;

    private static string MessageOf(AiGatewayException failure)
    {
        var message = failure is ProviderException { ProviderWords: { } words } ? words : failure.Message;
        return failure.Code == ErrorCode.ContextLengthExceeded && !message.Contains(TooLong, StringComparison.OrdinalIgnoreCase)
            ? $"{TooLong}: {message}"
            : message;
    }
}

/// <summary>A failure as Anthropic's clients read it.</summary>
/// <param name="Type">Always <c>error</c>.</param>
/// <param name="Error">What went wrong.</param>
/// <param name="RequestId">The id of the request, as in the header <c>request-id</c>.</param>
internal sealed record AnthropicErrorResponse(string Type, AnthropicErrorDetail Error, string RequestId);

/// <summary>What went wrong.</summary>
/// <param name="Type">The class of the failure.</param>
/// <param name="Message">In words.</param>
/// <param name="Details">The reason as a code; left out when there is none.</param>
internal sealed record AnthropicErrorDetail(
    string Type, string Message, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] AnthropicErrorReason? Details);

/// <summary>The reason of a failure, which a client may act on.</summary>
/// <param name="ErrorCode">Anthropic's code.</param>
internal sealed record AnthropicErrorReason(string ErrorCode);
