using AiGateway.Api.Auth;
using AiGateway.Application.Generation;
using AiGateway.Application.Requests;

namespace AiGateway.Api.Contracts;

/// <summary>
/// Maps the native API's JSON to the generate command. It is nested input from strangers, so no mapper is used.
/// </summary>
internal static class GenerationMapping
{
    public static Generate ToCommand(this GenerateRequest request, HttpContext context) => context.NewGenerate() with
    {
        Model = request.Model,
        Provider = request.Provider,
        Prompt = request.Prompt,
        Messages = request.Messages is { } messages ? [.. messages.Select(ToMessage)] : null,
        SystemPrompt = request.SystemPrompt,
        Stream = request.Stream,
        Options = request.Options?.ToOptions() ?? GenerateOptions.Default,
        EndUser = request.User,
    };

    public static GenerateResponse ToResponse(this GenerateReply reply, UsageResponse usage) => new(
        reply.RequestId,
        reply.Answer.Model,
        reply.Provider,
        reply.Answer.Content,
        reply.Answer.FinishReason,
        usage,
        Domain.Money.ToUsd(reply.CostNanoUsd),
        Math.Round(reply.Latency.TotalMilliseconds, 3),
        reply.Call.Request.ReceivedAt);

    private static ChatMessage ToMessage(MessageRequest? message) => new(message?.Role!, message?.Content!);

    private static GenerateOptions ToOptions(this GenerateOptionsRequest options) => new()
    {
        Temperature = options.Temperature,
        TopP = options.TopP,
        MaxTokens = options.MaxTokens,
        Stop = options.Stop,
        Seed = options.Seed,
        FrequencyPenalty = options.FrequencyPenalty,
        PresencePenalty = options.PresencePenalty,
        ResponseFormat = options.ResponseFormat,
    };
}
