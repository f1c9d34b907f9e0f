using System.Text.Json;
using AiGateway.Domain;

namespace AiGateway.Api.Errors;

/// <summary>
/// Failures in OpenAI's form. They follow the table's row, except that a provider's refusal keeps the provider's own words.
/// </summary>
internal static class OpenAiErrors
{
    public static OpenAiErrorResponse ToOpenAi(AiGatewayException failure)
    {
        var row = ErrorTable.Of(failure.Code);
        return new OpenAiErrorResponse(failure switch
        {
            ProviderException { Code: ErrorCode.ProviderRejected or ErrorCode.ContextLengthExceeded } rejected => new OpenAiErrorDetail(
                rejected.Message, rejected.ProviderErrorType ?? row.OpenAiType, rejected.ProviderErrorParam, rejected.ProviderErrorCode ?? row.OpenAiCode)
            {
                InnerError = rejected.ProviderInnerError is { } inner ? JsonElement.Parse(inner) : null,
            },
            ProviderException { ProviderWords: { } words } told => new OpenAiErrorDetail(
                words, told.ProviderErrorType ?? row.OpenAiType, told.ProviderErrorParam, told.ProviderErrorCode ?? row.OpenAiCode),
            InvalidRequestException invalid => new OpenAiErrorDetail(invalid.Message, row.OpenAiType, ParamOf(invalid), row.OpenAiCode),
            ContextLengthExceededException tooLong => new OpenAiErrorDetail(tooLong.Message, row.OpenAiType, tooLong.Field, row.OpenAiCode),
            QuotaExceededException { Refusal.Limit: { IsRate: true, Metric: BudgetMetric.Tokens } } => new OpenAiErrorDetail(failure.Message, "tokens", null, row.OpenAiCode),
            { Code: ErrorCode.ModelNotFound or ErrorCode.ModelNotPriced or ErrorCode.ModelNotAllowed } => new OpenAiErrorDetail(failure.Message, row.OpenAiType, "model", row.OpenAiCode),
            { Code: ErrorCode.PreviousResponseNotFound } => new OpenAiErrorDetail(failure.Message, row.OpenAiType, "previous_response_id", row.OpenAiCode),
            _ => new OpenAiErrorDetail(failure.Message, row.OpenAiType, null, row.OpenAiCode),
        });
    }

    private static string? ParamOf(InvalidRequestException invalid) => invalid.Faults[0].Field is { Length: > 0 } field ? field : null;
}
