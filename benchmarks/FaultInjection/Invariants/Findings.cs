using System.Collections.Concurrent;

namespace AiGateway.FaultInjection.Invariants;

/// <summary>The violations that a scenario has found. It may be used from several threads.</summary>
internal sealed class Findings
{
    private readonly ConcurrentQueue<string> _violations = new();
    private readonly ConcurrentQueue<string> _lost = new();
    private readonly ConcurrentQueue<string> _chargedTwice = new();

    /// <summary>Adds a violated invariant.</summary>
    public void Violate(string what) => _violations.Enqueue(what);

    /// <summary>Adds a request that was forwarded or answered, but not charged in the ledger.</summary>
    public void Lose(string what) => _lost.Enqueue(what);

    /// <summary>Adds a request that was forwarded or charged more than once.</summary>
    public void ChargeTwice(string what) => _chargedTwice.Enqueue(what);

    public void Expect(bool isSo, string otherwise)
    {
        if (!isSo) Violate(otherwise);
    }

    public Verdict Conclude(string scenario, string load, string faults) =>
        new(scenario, load, faults, [.. _violations], [.. _lost], [.. _chargedTwice]);
}

/// <summary>One line of the table, with the findings behind it.</summary>
internal sealed record Verdict(
    string Scenario,
    string Load,
    string Faults,
    IReadOnlyList<string> Violations,
    IReadOnlyList<string> Lost,
    IReadOnlyList<string> ChargedTwice)
{
    public bool IsClean => Violations.Count + Lost.Count + ChargedTwice.Count == 0;

    /// <summary>All findings, one line each.</summary>
    public IEnumerable<string> Problems =>
        Violations.Select(what => $"violated: {what}").Concat(Lost.Select(what => $"lost: {what}")).Concat(ChargedTwice.Select(what => $"twice: {what}"));
}
