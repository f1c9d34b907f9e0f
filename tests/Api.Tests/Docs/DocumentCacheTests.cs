using System.Net.Http.Headers;
using AiGateway.Api.Tests.Hosting;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;

namespace AiGateway.Api.Tests.Docs;

/// <summary>The OpenAPI document is generated once, however often anonymous callers request it.</summary>
internal sealed class DocumentCacheTests
{
    private const string Address = "/openapi/v1.json";

    [Test]
    public async Task Document_WhenRequestedByMany_IsGeneratedOnce()
    {
        var made = 0;
        await using var gateway = await GatewayHost.StartChangedAsync(services => services.Configure<OpenApiOptions>(
            "v1", options => options.AddDocumentTransformer((_, _, _) =>
            {
                Interlocked.Increment(ref made);
                return Task.CompletedTask;
            })));

        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => gateway.Anonymous.GetAsync(Address)));
        var later = (await gateway.Anonymous.GetAsync(Address)).Expect(200);

        Assert.That(replies, Has.All.Matches<Reply>(reply => reply!.Status == 200 && reply.Text == later.Text));
        Assert.That(later.Header("Content-Type"), Does.StartWith("application/json"));
        Assert.That(made, Is.EqualTo(1));
    }

    [Test]
    public async Task Document_WhenTheClientHasIt_IsNotSentAgain()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var tag = (await gateway.Anonymous.GetAsync(Address)).Expect(200).Header("ETag");
        Assert.That(tag, Is.Not.Null.And.Not.Empty);
        var request = gateway.Anonymous.Request(HttpMethod.Get, Address);
        request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Parse(tag!)!);

        var again = await gateway.Anonymous.SendAsync(request);

        Assert.That((again.Status, again.Text), Is.EqualTo((304, "")));
    }
}
