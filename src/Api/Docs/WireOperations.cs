using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AiGateway.Api.Docs;

/// <summary>
/// Describes the endpoints that pass OpenAI's JSON through: an object, with a link to OpenAI's reference. A copy of the
/// schema would soon be outdated.
/// </summary>
internal sealed class WireOperations : IOpenApiOperationTransformer
{
    private const string Reference = "https://platform.openai.com/docs/api-reference/";

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<WireAttribute>().FirstOrDefault() is not { } wire)
            return Task.CompletedTask;

        operation.ExternalDocs = new OpenApiExternalDocs { Url = new Uri(Reference + wire.Path), Description = "OpenAI's description" };
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
