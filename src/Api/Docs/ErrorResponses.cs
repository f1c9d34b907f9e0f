using System.Globalization;
using System.Text.Json.Nodes;
using AiGateway.Api.Errors;
using AiGateway.Domain;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AiGateway.Api.Docs;

/// <summary>Adds to each operation its own errors and the errors of every authenticated operation.</summary>
internal sealed class ErrorResponses : IOpenApiOperationTransformer
{
    private static readonly ErrorCode[] Everywhere = [ErrorCode.InternalError];

    private static readonly ErrorCode[] Authenticated =
        [ErrorCode.Unauthenticated, ErrorCode.PermissionDenied, ErrorCode.RateLimited];

    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var isAnonymous = metadata.OfType<IAllowAnonymous>().Any();
        var codes = metadata.OfType<FailsWithAttribute>().SelectMany(fails => fails.Codes)
            .Concat(isAnonymous ? [] : Authenticated)
            .Concat(Everywhere);
        if (isAnonymous) operation.Security = [new OpenApiSecurityRequirement()];

        var schema = await context.GetOrCreateSchemaAsync(typeof(ErrorResponse), null, cancellationToken);
        context.Document?.AddComponent(nameof(ErrorResponse), schema);
        operation.Responses ??= [];
        foreach (var row in codes.Distinct().GroupBy(code => ErrorTable.Of(code).Status).OrderBy(row => row.Key))
        {
            operation.Responses.TryAdd(row.Key.ToString(CultureInfo.InvariantCulture), new OpenApiResponse
            {
                Description = string.Join(", ", row.Select(code => $"`{code.ToName()}`")),
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/problem+json"] = new()
                    {
                        Schema = new OpenApiSchemaReference(nameof(ErrorResponse), context.Document),
                        Example = ExampleOf(row.First(), row.Key),
                    },
                },
            });
        }
    }

    private static JsonObject ExampleOf(ErrorCode code, int status) => new()
    {
        ["type"] = $"urn:aigateway:error:{code.ToName()}",
        ["title"] = ErrorTable.Of(code).Title,
        ["status"] = status,
        ["detail"] = "What went wrong this time.",
        ["code"] = code.ToName(),
        ["requestId"] = "019ab0f0-5c1e-7c2a-9d7e-2f1d3c4b5a69",
    };
}
