using System.Collections.Frozen;

namespace AiGateway.Api.Http;

/// <summary>
/// Maps the paths of Azure OpenAI and paths with repeated slashes to the paths of the OpenAI-compatible API, before routing.
/// Thus each address has one endpoint, one quota rule and one error format.
/// </summary>
internal sealed class PathMiddleware(RequestDelegate next)
{
    private const string Doubled = "//";
    private const string Version = "api-version=";
    private static readonly PathString Azure = "/openai";
    private static readonly PathString Deployments = "/deployments";
    private static readonly PathString OpenAi = "/v1";
    private static readonly FrozenSet<string> Operations = FrozenSet.ToFrozenSet(["chat/completions", "embeddings"], StringComparer.OrdinalIgnoreCase);

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.Path.Value!.Contains(Doubled, StringComparison.Ordinal)) request.Path = Collapse(request.Path.Value);
        if (request.Path.StartsWithSegments(Azure, out var rest) && Translate(context, rest) is { } path)
        {
            request.Path = path;
            request.QueryString = WithoutVersion(request.QueryString);
        }

        return next(context);
    }

    private static string Collapse(string path)
    {
        while (path.Contains(Doubled, StringComparison.Ordinal)) path = path.Replace(Doubled, "/", StringComparison.Ordinal);
        return path;
    }

    private static PathString? Translate(HttpContext context, PathString rest)
    {
        if (rest.StartsWithSegments(OpenAi)) return rest;
        if (rest.StartsWithSegments("/responses") || rest.StartsWithSegments("/models")) return OpenAi + rest;
        if (!rest.StartsWithSegments(Deployments, out var below) || below.Value!.TrimStart('/').Split('/', 2) is not [{ Length: > 0 } name, var operation]) return null;
        if (!Operations.Contains(operation)) return null;
        context.Features.Set(new AzureDeployment(SlashNames.Decode(name)));
        return OpenAi + $"/{operation}";
    }

    // No part of the gateway depends on the version, and the endpoints of stored responses refuse unknown parameters.
    private static QueryString WithoutVersion(QueryString query)
    {
        if (!query.HasValue) return query;
        var kept = query.Value![1..].Split('&').Where(pair => !pair.StartsWith(Version, StringComparison.OrdinalIgnoreCase));
        return string.Join('&', kept) is { Length: > 0 } rest ? new QueryString($"?{rest}") : QueryString.Empty;
    }
}

/// <summary>The deployment in a path of Azure OpenAI. It is the model, whatever the body names.</summary>
/// <param name="Model">The name.</param>
internal sealed record AzureDeployment(string Model);
