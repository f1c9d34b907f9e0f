using System.Text.Json;
using AiGateway.Api.Auth;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AiGateway.Api.OpenApi;

/// <summary>The OpenAPI document at <c>/openapi/v1.json</c> and Swagger UI at <c>/swagger</c>.</summary>
internal static class OpenApiDocs
{
    public const string DocumentPath = "/openapi/v1.json";
    public const string SwaggerUiPath = "/swagger/index.html";

    private const string SwaggerUi = "swagger";

    public static IServiceCollection AddApiDocs(this IServiceCollection services) => services.AddSingleton<ApiDocument>().AddOpenApi(ApiDocument.Name, options =>
    {
        options.AddDocumentTransformer(Describe);
        options.AddOperationTransformer(NameParameters);
        options.AddOperationTransformer<WireOperations>();
        options.AddOperationTransformer<ErrorResponses>();
        options.AddSchemaTransformer(Examples.Add);
    });

    public static WebApplication MapApiDocs(this WebApplication app)
    {
        var document = app.Services.GetRequiredService<ApiDocument>();
        app.MapGet(DocumentPath, document.WriteAsync).AllowAnonymous().ExcludeFromDescription();

        // A branch, because the middleware would be one more asynchronous step of every request.
        app.UseWhen(static context => context.Request.Path.StartsWithSegments($"/{SwaggerUi}"), branch => branch.UseSwaggerUI(options =>
        {
            options.SwaggerEndpoint(DocumentPath, "AiGateway");
            options.RoutePrefix = SwaggerUi;
            options.DocumentTitle = "AiGateway";
            options.EnablePersistAuthorization();
        }));
        return app;
    }

    /// <summary>Names the parameters of a query that is one object as all others: in camel case. The case does not matter to the gateway.</summary>
    private static Task NameParameters(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>().Where(static parameter => parameter.In == ParameterLocation.Query))
            parameter.Name = JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!);
        return Task.CompletedTask;
    }

    private static Task Describe(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info.Title = "AiGateway";
        document.Info.Version = "v1";
        document.Info.Description = "One HTTP service between your apps and the language-model providers, with budgets that are hard caps and usage records that always balance. "
            + "Authorize with an API key (agw_...) or a JWT of your identity provider.";
        // Addresses are relative to the page, so they work behind a reverse proxy too.
        document.Servers?.Clear();
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            ["bearer"] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "An API key (agw_...) or a JWT.",
            },
            ["apiKey"] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = Credentials.ApiKeyHeader,
                Description = "An API key (agw_...).",
            },
        };
        document.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", document)] = [] },
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("apiKey", document)] = [] },
        ];
        return Task.CompletedTask;
    }
}
