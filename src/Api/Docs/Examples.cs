using System.Text.Json.Nodes;
using AiGateway.Api.Contracts;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AiGateway.Api.Docs;

/// <summary>Complete examples for the requests tried first. Examples of single members stand in their doc comments.</summary>
internal static class Examples
{
    private static readonly Dictionary<Type, string> ByType = new()
    {
        [typeof(GenerateRequest)] = """{"prompt":"Say hello in one word.","options":{"temperature":0.7,"maxTokens":100}}""",
        [typeof(GenerateResponse)] = """
            {"id":"019ab0f0-5c1e-7c2a-9d7e-2f1d3c4b5a69","model":"gpt-5.6-terra","provider":"openai","content":"Hello!",
             "finishReason":"stop","usage":{"promptTokens":13,"completionTokens":2,"totalTokens":15,"cachedPromptTokens":0,"reasoningTokens":0},
             "costUsd":0.00005,"latencyMs":412.7,"createdAt":"2026-11-23T09:30:00Z"}
            """,
        [typeof(CreateUserRequest)] = """{"name":"Billing app"}""",
        [typeof(UpdateUserRequest)] = """{"disabled":true}""",
        [typeof(UserQuotaRequest)] = """{"dailyRequests":1000,"monthlyRequests":null,"monthlySpendUsd":25.00}""",
        [typeof(CreateApiKeyRequest)] = """{"userId":"019ab0f0-5c1e-7c2a-9d7e-2f1d3c4b5a69","name":"web front end","scopes":["ai:generate"]}""",
        [typeof(PreferenceContract)] = """{"model":"gpt-6-luna","provider":null}""",
    };

    public static Task Add(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonPropertyInfo is null && ByType.TryGetValue(context.JsonTypeInfo.Type, out var example))
            schema.Examples = [JsonNode.Parse(example)!];
        return Task.CompletedTask;
    }
}
