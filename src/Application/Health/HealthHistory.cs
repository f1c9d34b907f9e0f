using AiGateway.Application.Providers;
using AiGateway.Domain;

namespace AiGateway.Application.Health;

/// <summary>Finds what changed since the last look at the providers. It is used by one caller at a time.</summary>
internal sealed class HealthHistory
{
    private Dictionary<(string Provider, string Model), (HealthState State, string? Problem)> _last = [];

    /// <summary>The changes. Of what was never seen before, only trouble is one.</summary>
    public IReadOnlyList<ProviderHealthChange> Next(IReadOnlyList<HealthStatus> statuses, DateTimeOffset now)
    {
        var next = new Dictionary<(string Provider, string Model), (HealthState State, string? Problem)>();
        foreach (var status in statuses)
        {
            next[(status.Name, "")] = (status.State, status.Problem);
            foreach (var cooling in status.Cooling) next[(status.Name, cooling.Model)] = (HealthState.Unhealthy, $"it fails with {cooling.Reason.ToName()} and cools down");
        }

        var changes = new List<ProviderHealthChange>();
        foreach (var (part, seen) in next)
        {
            var before = _last.TryGetValue(part, out var known) ? known.State : HealthState.Healthy;
            if (seen.State != before) changes.Add(Change(part, seen.State, seen.Problem, now));
        }

        foreach (var part in _last.Keys.Where(part => part.Model.Length > 0 && !next.ContainsKey(part))) changes.Add(Change(part, HealthState.Healthy, null, now));
        _last = next;
        return changes;
    }

    private static ProviderHealthChange Change((string Provider, string Model) part, HealthState state, string? problem, DateTimeOffset at) => new()
    {
        Id = Guid.CreateVersion7(at),
        ProviderName = part.Provider,
        Model = part.Model,
        State = state,
        Problem = problem,
        At = at,
    };
}
