using AiGateway.Domain;

namespace AiGateway.Application.Telemetry;

/// <summary>
/// The names of OpenTelemetry's semantic conventions for generative AI, version 1.41, and those of its next version that
/// replace them on request. No other file spells them out.
/// </summary>
internal static class GenAi
{
    public const string SchemaUrl = "https://opentelemetry.io/schemas/1.41.0";

    public const string Operation = "gen_ai.operation.name";
    public const string Provider = "gen_ai.provider.name";
    public const string RequestModel = "gen_ai.request.model";
    public const string RequestStream = "gen_ai.request.stream";
    public const string RequestMaxTokens = "gen_ai.request.max_tokens";
    public const string RequestTemperature = "gen_ai.request.temperature";
    public const string RequestTopP = "gen_ai.request.top_p";
    public const string RequestFrequencyPenalty = "gen_ai.request.frequency_penalty";
    public const string RequestPresencePenalty = "gen_ai.request.presence_penalty";
    public const string RequestStopSequences = "gen_ai.request.stop_sequences";
    public const string RequestSeed = "gen_ai.request.seed";
    public const string RequestChoices = "gen_ai.request.choice.count";
    public const string ResponseModel = "gen_ai.response.model";
    public const string FinishReasons = "gen_ai.response.finish_reasons";
    public const string TimeToFirstChunk = "gen_ai.response.time_to_first_chunk";
    public const string InputTokens = "gen_ai.usage.input_tokens";
    public const string OutputTokens = "gen_ai.usage.output_tokens";
    public const string CacheReadTokens = "gen_ai.usage.cache_read.input_tokens";
    public const string CacheWriteTokens = "gen_ai.usage.cache_creation.input_tokens";
    public const string ReasoningTokens = "gen_ai.usage.reasoning.output_tokens";
    public const string TokenType = "gen_ai.token.type";
    public const string InputMessages = "gen_ai.input.messages";
    public const string OutputMessages = "gen_ai.output.messages";
    public const string ErrorType = "error.type";

    public const string ClientDuration = "gen_ai.client.operation.duration";
    public const string ClientFirstChunk = "gen_ai.client.operation.time_to_first_chunk";
    public const string ClientPerChunk = "gen_ai.client.operation.time_per_output_chunk";
    public const string ClientTokens = "gen_ai.client.token.usage";
    public const string ServerDuration = "gen_ai.server.request.duration";
    public const string ServerFirstToken = "gen_ai.server.time_to_first_token";
    public const string ServerPerToken = "gen_ai.server.time_per_output_token";

    public const string NextCacheWriteTokens = "gen_ai.usage.cache_write.input_tokens";
    public const string NextClientDuration = "gen_ai.client.inference.duration";
    public const string NextClientFirstChunk = "gen_ai.client.inference.time_to_first_chunk";
    public const string NextClientPerChunk = "gen_ai.client.inference.time_per_output_chunk";
    public const string NextInputTokens = "gen_ai.client.inference.usage.input_tokens";
    public const string NextOutputTokens = "gen_ai.client.inference.usage.output_tokens";

    private const string AzureProvider = "azure.ai.openai";

    /// <summary>The name of an operation in the conventions. The Responses API is a chat as well.</summary>
    public static string NameOf(ModelOperation operation) => operation == ModelOperation.Embeddings ? "embeddings" : "chat";

    /// <summary>The name of a provider in the conventions: Azure's well-known one, else the configured name.</summary>
    public static string NameOf(string provider) => provider == "azure" ? AzureProvider : provider;
}
