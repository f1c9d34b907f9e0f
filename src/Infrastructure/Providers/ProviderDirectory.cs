using AiGateway.Application.Alerts;
using AiGateway.Application.Pricing;
using AiGateway.Application.Providers;
using AiGateway.Application.Requests;
using AiGateway.Application.Routing;
using AiGateway.Infrastructure.Providers.Anthropic;
using AiGateway.Infrastructure.Providers.Echo;
using AiGateway.Infrastructure.Providers.Exchange;
using AiGateway.Infrastructure.Providers.OpenAi;
using Microsoft.Extensions.Logging;

namespace AiGateway.Infrastructure.Providers;

/// <summary>
/// Makes adapters of the configured accounts. When the configuration changes, an account that did not change keeps its
/// adapter, with its connections and what it learned. Requests in progress go on with the adapter that they began with.
/// </summary>
internal sealed class ProviderDirectory : IProviderDirectory, IDisposable
{
    private readonly IPriceBook _prices;
    private readonly ITokenCounter _tokens;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _logs;
    private readonly RoutingPolicy _policy;
    private readonly ProviderOutages? _outages;
    private readonly LargeRequests? _large;
    private readonly Lock _gate = new();
    private Dictionary<string, (string Fingerprint, AccountAdapter Adapter)> _adapters = [];
    private volatile ProviderSet _current;

    public ProviderDirectory(
        ProviderSetup setup, RoutingPolicy policy, IPriceBook prices, ITokenCounter tokens, TimeProvider time, ILoggerFactory logs,
        AlertFeed? feed = null, LargeRequests? large = null)
    {
        (_policy, _prices, _tokens, _time, _logs) = (policy, prices, tokens, time, logs);
        (_outages, _large) = (feed?.Providers, large);
        _current = Make(setup);
    }

    public ProviderSet Current => _current;

    /// <summary>Puts a changed configuration into force.</summary>
    /// <returns>Whether it differs from the one before.</returns>
    public bool Replace(ProviderSetup setup)
    {
        lock (_gate)
        {
            var next = Make(setup);
            var isChanged = !next.Adapters.SequenceEqual(_current.Adapters) || !AreSame(next.Routes, _current.Routes);
            _current = next;
            return isChanged;
        }
    }

    public void Dispose()
    {
        foreach (var (_, adapter) in _adapters.Values) adapter.Dispose();
    }

    private static bool AreSame(IReadOnlyDictionary<string, ModelRoute> one, IReadOnlyDictionary<string, ModelRoute> other) =>
        one.Count == other.Count && one.All(route => other.TryGetValue(route.Key, out var same) && Text(route.Value) == Text(same));

    private static string Text(ModelRoute route) =>
        $"{route.FallbackOn}:{string.Join('|', route.Groups.Select(group => string.Join(',', group.Targets)))}";

    private AccountAdapter Make(ProviderAccount account) => account.ChatWire == WireKind.AnthropicMessages
        ? new AnthropicModelAdapter(new AnthropicConnection(account), _prices, _tokens, _time, _logs.CreateLogger<AnthropicModelAdapter>()) { Outages = _outages, Large = _large }
        : new OpenAiModelAdapter(new OpenAiClientConnection(account), _prices, _tokens, _time, _logs.CreateLogger<OpenAiModelAdapter>()) { Outages = _outages, Large = _large };

    // An adapter that is left out is not disposed of: requests may still use it. Its idle connections end by themselves.
    private ProviderSet Make(ProviderSetup setup)
    {
        var adapters = new Dictionary<string, (string Fingerprint, AccountAdapter Adapter)>(StringComparer.Ordinal);
        foreach (var account in setup.Accounts)
        {
            adapters[account.Name] = _adapters.TryGetValue(account.Name, out var known) && known.Fingerprint == account.Fingerprint
                ? known
                : (account.Fingerprint, Make(account));
        }

        _adapters = adapters;
        IEnumerable<IModelAdapter> all = setup.Accounts.Select(account => adapters[account.Name].Adapter);
        if (setup.Echo) all = all.Append(new EchoModelAdapter(_prices, _tokens, _time));
        return ProviderSet.Create(all, setup.Routes, _policy.Order);
    }
}
