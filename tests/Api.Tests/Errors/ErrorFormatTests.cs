using AiGateway.Api.Errors;
using AiGateway.Api.Tests.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AiGateway.Api.Tests.Errors;

/// <summary>The error format follows the endpoint. A client of one API reads one format only.</summary>
internal sealed class ErrorFormatTests
{
    [Test]
    public async Task Endpoints_OfAProviderCompatibleApi_StateItsFormatAndNoOthersDo()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var endpoints = gateway.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();

        var ofOpenAi = endpoints.Where(each => each.Metadata.GetMetadata<ErrorFormatAttribute>()?.Format == ErrorFormat.OpenAi);
        var ofAnthropic = endpoints.Where(each => each.Metadata.GetMetadata<ErrorFormatAttribute>()?.Format == ErrorFormat.Anthropic).Select(PathOf);

        Assert.That(ofOpenAi, Is.Not.Empty);
        Assert.That(ofAnthropic, Is.EquivalentTo(["v1/messages", "v1/messages/count_tokens", "v1/models", "v1/models/{**model}"]));
        Assert.That(ofOpenAi.Select(PathOf).Concat(ofAnthropic), Is.EquivalentTo(endpoints.Select(PathOf).Where(path => path.StartsWith("v1/", StringComparison.Ordinal))));
    }

    private static string PathOf(RouteEndpoint endpoint) => endpoint.RoutePattern.RawText!.TrimStart('/');

    [TestCase("GET", "/v1/nothing-here", 404, true)]
    [TestCase("DELETE", "/v1/chat/completions", 405, true)]
    [TestCase("GET", "/v10/models", 404, false)]
    [TestCase("GET", "/api/v1/nothing-here", 404, false)]
    [TestCase("DELETE", "/api/v1/ai/generate", 405, false)]
    public async Task Error_WhenNoEndpointMatches_HasTheFormOfItsApi(string method, string path, int status, bool isOpenAi)
    {
        await using var gateway = await GatewayHost.StartAsync();

        var reply = await gateway.Admin.SendAsync(new HttpMethod(method), path);

        Assert.That(reply.Status, Is.EqualTo(status));
        Assert.That(reply.Json.TryGetProperty("error", out _), Is.EqualTo(isOpenAi));
        Assert.That(reply.Json.TryGetProperty("detail", out _), Is.EqualTo(!isOpenAi));
    }
}
