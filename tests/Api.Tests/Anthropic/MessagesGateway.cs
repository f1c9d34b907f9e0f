using System.Text;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Application.Pricing;
using AiGateway.Application.Providers;
using AiGateway.Application.Requests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AiGateway.Api.Tests.Anthropic;

/// <summary>A gateway before a provider of Anthropic's wire.</summary>
internal sealed class MessagesGateway : IAsyncDisposable
{
    public const string Path = "/v1/messages";
    public const string Model = "claude-sonnet-5-5";

    /// <summary>A model with a price for each surcharge.</summary>
    public const string Surcharged = "claude-opus-5";

    public const long Window = 1_000_000;

    public const string Reply = """
        {"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-5-5","content":[{"type":"text","text":"Hello!"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":11,"output_tokens":3},"unknown":[1, 2]}
        """;

    private MessagesGateway(GatewayHost gateway, TestUser user, MessagesAdapter provider) => (Gateway, User, Provider) = (gateway, user, provider);

    public GatewayHost Gateway { get; }

    public TestUser User { get; }

    public MessagesAdapter Provider { get; }

    public GatewayClient Caller => User.Caller;

    /// <summary>The only call that reached the provider.</summary>
    public ModelRequest Request => Provider.Calls.Single().Request;

    /// <summary>The body that the provider would be sent.</summary>
    public string Sent => Encoding.UTF8.GetString(Provider.Calls.Single().Wire!.Body.Span);

    public static async Task<MessagesGateway> StartAsync(FakeTimeProvider? time = null, params (string Name, string Value)[] settings)
    {
        var gateway = await GatewayHost.StartChangedAsync(
            services =>
            {
                if (time is not null) services.AddSingleton<TimeProvider>(time);
                services.AddSingleton<IProviderDirectory>(all => new OneProvider(new MessagesAdapter(all.GetRequiredService<ITokenCounter>())));
            },
            settings);
        var user = await gateway.CreateUserAsync();
        var provider = (MessagesAdapter)gateway.Services.GetRequiredService<IProviderDirectory>().Current.Adapters[0];
        return new MessagesGateway(gateway, user, provider);
    }

    /// <summary>Posts a body, which must be served, and returns the prompt tokens that were held for it.</summary>
    public async Task<long> HeldForAsync(string body)
    {
        Provider.Reset();
        var reply = (await Caller.PostAsync(Path, body)).Expect(200);
        var record = (await Caller.UsageAsync("?limit=5")).Single(each => each.GetProperty("id").GetGuid() == reply.RequestId);
        return (long)(record.GetProperty("heldUsd").GetDecimal() * 1_000_000m);
    }

    /// <summary>Posts a body, which must be refused before a provider sees it, and returns the words.</summary>
    public async Task<string> RefusedAsync(string body)
    {
        Provider.Reset();
        var reply = (await Caller.PostAsync(Path, body)).Expect(400);
        Assert.That(Provider.Calls, Is.Empty);
        Assert.That(reply.Json.GetProperty("error").GetProperty("type").GetString(), Is.EqualTo("invalid_request_error"));
        return reply.Json.GetProperty("error").GetProperty("message").GetString()!;
    }

    /// <summary>A request with this content of its user message, and further members.</summary>
    public static string Body(string content, string members = "", string model = Model) =>
        $$"""{"model":"{{model}}","max_tokens":16,{{members}}"messages":[{"role":"user","content":{{content}}}]}""";

    public ValueTask DisposeAsync() => Gateway.DisposeAsync();

    private sealed class OneProvider(IModelAdapter adapter) : IProviderDirectory
    {
        public ProviderSet Current { get; } = new([adapter], new Dictionary<string, ModelRoute>());
    }
}
