using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AiGateway.Api.OpenApi;

/// <summary>
/// Describes the endpoints that pass a vendor's JSON through: an object, with a link to the vendor's reference. A copy of the
/// schema would soon be outdated.
/// </summary>
internal sealed class WireOperations : IOpenApiOperationTransformer
{
    private const string OpenAi = "https://platform.openai.com/docs/api-reference/";
    private const string Anthropic = "https://platform.claude.com/docs/en/api/";

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<WireAttribute>().FirstOrDefault() is not { } wire)
            return Task.CompletedTask;

        operation.ExternalDocs = wire.Vendor == WireVendor.Anthropic
            ? new OpenApiExternalDocs { Url = new Uri(Anthropic + wire.Path), Description = "Anthropic's description" }
            : new OpenApiExternalDocs { Url = new Uri(OpenAi + wire.Path), Description = "OpenAI's description" };
        if (wire.Example is { } example)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = AnObject(example) },
            };
        }

        var answer = operation.Responses!["200"] is OpenApiResponse response ? response : new OpenApiResponse();
        answer.Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = AnObject(null) };
        if (wire.Streams) answer.Content["text/event-stream"] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
        return Task.CompletedTask;
    }

    private static OpenApiMediaType AnObject(string? example) => new()
    {
        Schema = new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalPropertiesAllowed = true },
        Example = example is null ? null : JsonNode.Parse(example),
    };
}
