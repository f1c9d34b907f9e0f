

namespace AiGateway.Application.Switches;

/// <summary>
/// What is switched off, in memory: every request asks. A change at this gateway applies at once, a change at another one
/// within <see cref="MaxAge"/>.
/// </summary>
public sealed class SwitchBoard(ISwitchStore store)
{
    /// <summary>How old the memory may be.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(5);

    // One reference, replaced as a whole: readers see a consistent set without a lock.
    private volatile HashSet<(string Provider, string Model)> _off = [];

    /// <summary>Whether requests for this model must not go to this provider.</summary>
    public bool IsOff(string provider, string model) => _off is { Count: > 0 } off && (off.Contains((provider, "")) || off.Contains((provider, model)));

    /// <summary>The models of a provider that are off; an empty name: the whole provider.</summary>
    public IReadOnlyList<string> OffAt(string provider) =>
        [.. _off.Where(each => each.Provider == provider).Select(each => each.Model).Order(StringComparer.Ordinal)];

    /// <summary>Reads the switches again.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken) =>
        _off = [.. (await store.ListAsync(cancellationToken)).Select(each => (each.Provider, each.Model))];
}
