using System.Collections.Frozen;
using AiGateway.Api.Tests.Hosting;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AiGateway.Api.Tests.Hostile;

/// <summary>An endpoint that takes a body, as the application itself lists it.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path, with the id of a real user in the place of parameters.</param>
/// <param name="Valid">The members of an accepted body, each as JSON text.</param>
/// <param name="Members">Every member that the endpoint knows.</param>
internal sealed record BodyEndpoint(HttpMethod Method, string Path, IReadOnlyDictionary<string, string> Valid, IReadOnlyList<string> Members)
{
    /// <summary>The valid body.</summary>
    public string ToJson() => $"{{{string.Join(',', Valid.Select(each => $"\"{each.Key}\":{each.Value}"))}}}";

    /// <summary>The valid body with one member replaced or added.</summary>
    public string With(string member, string json) =>
        $"{{{string.Join(',', Valid.Where(each => each.Key != member).Select(each => $"\"{each.Key}\":{each.Value}").Append($"\"{member}\":{json}"))}}}";
}

internal static class BodyEndpoints
{
    // The compatible APIs read bodies by hand, and no type has these members.
    private static readonly string[] WireMembers =
    [
        "model", "messages", "input", "instructions", "stream", "stream_options", "n", "max_tokens", "max_completion_tokens", "max_output_tokens", "system", "thinking", "metadata",
        "user", "tools", "functions", "response_format", "text", "service_tier", "prediction", "modalities", "web_search_options", "prompt",
        "previous_response_id", "conversation", "background", "store", "reasoning", "dimensions", "encoding_format",
    ];

    private static readonly string[] WithoutBody =
    [
        "api/v1/admin/ledger/verify", "v1/responses/{id}/cancel", "api/v1/admin/users/{id:guid}/erase", "api/v1/admin/webhooks/{id:guid}/rotate", "api/v1/admin/webhooks/{id:guid}/test",
    ];

    private static readonly FrozenDictionary<string, Dictionary<string, string>> ValidBodies = new Dictionary<string, Dictionary<string, string>>
    {
        ["console/session"] = new() { ["key"] = $"\"{GatewayHost.AdminKey}\"" },
        ["api/v1/ai/generate"] = new() { ["prompt"] = "\"Hi\"" },
        ["api/v1/ai/estimate"] = new() { ["prompt"] = "\"Hi\"" },
        ["api/v1/ai/preferences"] = [],
        ["api/v1/admin/users"] = new() { ["name"] = "\"Ann\"" },
        ["api/v1/admin/users/{id:guid}"] = [],
        ["api/v1/admin/users/{id:guid}/quota"] = [],
        ["api/v1/admin/{scopes:scopeKind}/{id:guid}/budgets"] = new() { ["budgets"] = "[]" },
        ["api/v1/admin/{scopes:scopeKind}/{id:guid}/rates"] = [],
        ["api/v1/admin/keys"] = new() { ["name"] = "\"key\"", ["userId"] = "\"{user}\"" },
        ["api/v1/admin/keys/{id:guid}"] = [],
        ["api/v1/admin/keys/{id:guid}/rotate"] = [],
        ["api/v1/admin/users/{id:guid}/team"] = new() { ["teamId"] = "null" },
        ["api/v1/admin/organisations"] = new() { ["name"] = "\"Example\"" },
        ["api/v1/admin/organisations/{id:guid}"] = [],
        ["api/v1/admin/teams"] = new() { ["name"] = "\"Search\"", ["organisationId"] = "\"{organisation}\"" },
        ["api/v1/admin/teams/{id:guid}"] = [],
        ["api/v1/admin/projects"] = new() { ["name"] = "\"Autumn\"", ["teamId"] = "\"{team}\"" },
        ["api/v1/admin/projects/{id:guid}"] = [],
        ["api/v1/admin/webhooks"] = new() { ["url"] = "\"http://127.0.0.1:9/\"" },
        ["api/v1/admin/webhooks/{id:guid}"] = [],
        ["api/v1/admin/usage/{id:guid}/correct"] = new() { ["costUsd"] = "\"0.01\"", ["reason"] = "\"invoice\"" },
        ["api/v1/admin/providers/{name}"] = new() { ["enabled"] = "true" },
        ["v1/chat/completions"] = new() { ["messages"] = """[{"role":"user","content":"Hi"}]""" },
        ["v1/embeddings"] = new() { ["model"] = "\"odd-embedding\"", ["input"] = "\"Hi\"" },
        ["v1/responses"] = new() { ["input"] = "\"Hi\"" },
        ["v1/messages"] = new() { ["max_tokens"] = "16", ["messages"] = """[{"role":"user","content":"Hi"}]""" },
        ["v1/messages/count_tokens"] = new() { ["messages"] = """[{"role":"user","content":"Hi"}]""" },
        ["v1/responses/input_tokens"] = new() { ["input"] = "\"Hi\"" },
    }.ToFrozenDictionary();

    /// <summary>All endpoints that take a body. An endpoint without a valid body in this class fails the test.</summary>
    public static async Task<IReadOnlyList<BodyEndpoint>> OfAsync(GatewayHost gateway, Guid user)
    {
        var team = await gateway.Admin.CreateTeamAsync();
        var endpoints = new List<BodyEndpoint>();
        foreach (var endpoint in gateway.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            var verbs = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [];
            var route = endpoint.RoutePattern.RawText!.TrimStart('/');
            if (!verbs.Any(verb => verb is "POST" or "PUT" or "PATCH") || WithoutBody.Contains(route)) continue;
            Assert.That(ValidBodies.Keys, Has.Member(route), "add a valid body for this endpoint to ValidBodies");
            var valid = ValidBodies[route].ToDictionary(each => each.Key, each => each.Value
                .Replace("{user}", $"{user}", StringComparison.Ordinal).Replace("{team}", $"{team.Id}", StringComparison.Ordinal)
                .Replace("{organisation}", $"{team.OrganisationId}", StringComparison.Ordinal));
            var path = "/" + route.Replace("{id:guid}", $"{user}", StringComparison.Ordinal).Replace("{name}", "openai", StringComparison.Ordinal)
                .Replace("{scopes:scopeKind}", "users", StringComparison.Ordinal);
            endpoints.Add(new BodyEndpoint(new HttpMethod(verbs[0]), path, valid, MembersOf(endpoint)));
        }

        return endpoints;
    }

    private static string[] MembersOf(RouteEndpoint endpoint)
    {
        var body = endpoint.Metadata.GetMetadata<ControllerActionDescriptor>()?.Parameters.Select(parameter => parameter.ParameterType)
            .SingleOrDefault(type => type.Namespace!.StartsWith("AiGateway.Api.Contracts", StringComparison.Ordinal))
            ?? endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType;
        return body is null
            ? WireMembers
            : [.. body.GetProperties().Select(property => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(property.Name))];
    }
}
