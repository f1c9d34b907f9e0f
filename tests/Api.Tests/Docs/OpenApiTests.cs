using System.Globalization;
using System.Text.Json;
using AiGateway.Api.Errors;
using AiGateway.Api.OpenApi;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Domain;
using AiGateway.Testing;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AiGateway.Api.Tests.Docs;

/// <summary>The OpenAPI document describes the running gateway.</summary>
internal sealed class OpenApiTests
{
    private GatewayHost _gateway = null!;
    private JsonElement _document;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _gateway = await GatewayHost.StartAsync();
        _document = (await _gateway.Anonymous.GetAsync("/openapi/v1.json")).Expect(200).Json;
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [Test]
    public void Document_WhenComparedWithTheEndpoints_HasExactlyTheirRoutesAndVerbs()
    {
        Assert.That(Operations(), Has.Length.AtLeast(22));
        Assert.That(Operations().Select(operation => operation.Name), Is.EquivalentTo(Endpoints().Select(endpoint => endpoint.Name)));
    }

    [Test]
    public void ApiPage_WhenComparedWithTheEndpoints_NamesEach()
    {
        var page = Repository.Read("docs/API.md");
        var missing = Endpoints().Select(endpoint => endpoint.Name)
            .Where(name => !page.Contains($"`{name}`", StringComparison.Ordinal) && !page.Contains($"`{name}?", StringComparison.Ordinal));

        Assert.That(missing, Is.Empty);
    }

    [Test]
    public void Operation_WhenDocumented_HasASummaryAndASuccess()
    {
        foreach (var (name, operation) in Operations())
        {
            Assert.That(operation.GetProperty("summary").GetString(), Is.Not.Empty, name);
            var responses = operation.GetProperty("responses").EnumerateObject().ToArray();
            Assert.That(responses.Select(response => response.Name), Has.Some.StartsWith("2"), name);
            foreach (var response in responses) Assert.That(response.Value.GetProperty("description").GetString(), Is.Not.Empty, $"{name} {response.Name}");
        }
    }

    [Test]
    public void Parameters_OfAQuery_AreNamedAsThePageNamesThem()
    {
        var names =
            from operation in Operations()
            where operation.Json.TryGetProperty("parameters", out _)
            from parameter in operation.Json.GetProperty("parameters").EnumerateArray()
            where parameter.GetProperty("in").GetString() == "query"
            select parameter.GetProperty("name").GetString();

        Assert.That(names, Has.Some.EqualTo("organisationId").And.All.Match("^[a-z]"));
    }

    [Test]
    public void Operation_WhenItCanFail_NamesEachCodeUnderItsStatus()
    {
        var operations = Operations().ToDictionary(operation => operation.Name, operation => operation.Json);
        foreach (var (name, endpoint) in Endpoints())
        {
            var responses = operations[name].GetProperty("responses");
            foreach (var code in CodesOf(endpoint))
            {
                var status = ErrorTable.Of(code).Status.ToString(CultureInfo.InvariantCulture);
                Assert.That(responses.TryGetProperty(status, out var response), Is.True, $"{name} lacks {status} for {code.ToName()}");
                Assert.That(response.GetProperty("description").GetString(), Does.Contain(code.ToName()), name);
            }
        }
    }

    [Test]
    public void Operation_WhenAnonymousOrNot_SaysWhetherItNeedsCredentials()
    {
        var schemes = _document.GetProperty("components").GetProperty("securitySchemes");
        Assert.That(schemes.GetProperty("bearer").GetProperty("scheme").GetString(), Is.EqualTo("bearer"));
        Assert.That(schemes.GetProperty("apiKey").GetProperty("name").GetString(), Is.EqualTo("X-Api-Key"));
        Assert.That(_document.GetProperty("security").GetArrayLength(), Is.EqualTo(2));
        var anonymous = Endpoints().Where(endpoint => endpoint.Endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null).Select(endpoint => endpoint.Name);
        var open = Operations().Where(operation => operation.Json.TryGetProperty("security", out _)).Select(operation => operation.Name);

        Assert.That(open, Is.EquivalentTo(anonymous));
        Assert.That(anonymous, Is.EquivalentTo(new[] { "GET /", "GET /api/v1/ai/health", "GET /health/live", "GET /health/ready" }));
    }

    [Test]
    public async Task SwaggerUi_WhenRequested_IsServedAndReadsTheDocument()
    {
        var page = (await _gateway.Anonymous.GetAsync("/swagger/index.html")).Expect(200);
        var script = (await _gateway.Anonymous.GetAsync("/swagger/index.js")).Expect(200);

        Assert.That(page.Header("Content-Type"), Does.StartWith("text/html"));
        Assert.That(page.Text, Does.Contain("AiGateway"));
        Assert.That(script.Text, Does.Contain("/openapi/v1.json"));
    }

    [Test]
    public async Task Docs_WhenSwitchedOff_Are404()
    {
        await using var quiet = await GatewayHost.StartAsync(null, ("AI_GATEWAY_DOCS", "false"));

        (await quiet.Anonymous.GetAsync("/openapi/v1.json")).Expect(404, "not_found");
        (await quiet.Anonymous.GetAsync("/swagger/index.html")).Expect(404, "not_found");
        (await quiet.Anonymous.GetAsync("/swagger")).Expect(404, "not_found");
        (await quiet.Admin.GenerateAsync()).Expect(200);
    }

    private static IEnumerable<ErrorCode> CodesOf(RouteEndpoint endpoint)
    {
        var named = endpoint.Metadata.GetOrderedMetadata<FailsWithAttribute>().SelectMany(fails => fails.Codes);
        return endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null
            ? named.Append(ErrorCode.InternalError)
            : [.. named, ErrorCode.InternalError, ErrorCode.Unauthenticated, ErrorCode.PermissionDenied, ErrorCode.RateLimited];
    }

    private (string Name, JsonElement Json)[] Operations() =>
    [
        .. from path in _document.GetProperty("paths").EnumerateObject()
           from verb in path.Value.EnumerateObject()
           select ($"{verb.Name.ToUpperInvariant()} {path.Name}", verb.Value),
    ];

    private (string Name, RouteEndpoint Endpoint)[] Endpoints() =>
    [
        .. from endpoint in _gateway.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
           let route = endpoint.RoutePattern.RawText!.TrimStart('/')
           where endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is null
               && endpoint.Metadata.GetMetadata<ApiExplorerSettingsAttribute>() is not { IgnoreApi: true }
           from verb in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
           select ($"{verb} /{route.Replace(":guid", "", StringComparison.Ordinal).Replace(":scopeKind", "", StringComparison.Ordinal).Replace("**", "", StringComparison.Ordinal)}", endpoint),
    ];
}
