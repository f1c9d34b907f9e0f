using AiGateway.Domain;
using AiGateway.FaultInjection.Harness;

namespace AiGateway.FaultInjection.Invariants;

/// <summary>
/// The final check of a scenario. It compares the provider's log, the replies to the senders and the usage records, request by request.
/// </summary>
internal sealed class InvariantCheck(FaultHarness harness, IReadOnlyCollection<Reply> answers)
{
    // A hold expires with its lease, and a sweep runs every quarter of a lease. The rest is a margin for a busy machine.
    private static readonly TimeSpan LongEnough = FaultHarness.HoldLease + TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>The number of settled requests.</summary>
    public int Settled { get; private set; }

    /// <summary>The number of expired requests. Their gateway was killed or could not renew their leases.</summary>
    public int Expired { get; private set; }

    /// <summary>The number of expired requests that never reached the provider. Their gateway was killed between hold and call.</summary>
    public int ExpiredUnseen { get; private set; }

    /// <summary>The number of requests whose outcome is unknown. Their gateway cut them when it stopped.</summary>
    public int Unknown { get; private set; }

    /// <summary>The number of released requests.</summary>
    public int Released { get; private set; }

    /// <summary>Waits until nothing is held and no difference remains, and adds the remaining differences to the findings.</summary>
    /// <param name="findings">Gets the remaining differences.</param>
    /// <param name="atMost">The longest wait; null for a lease and a margin.</param>
    public async Task CloseAsync(Findings findings, TimeSpan? atMost = null)
    {
        var deadline = TimeProvider.System.GetUtcNow() + (atMost ?? LongEnough);
        while (true)
        {
            var found = new Findings();
            Compare(await harness.Ledger.RowsAsync(), found);
            foreach (var fault in (await harness.Ledger.SampleAsync()).Faults()) found.Violate($"at the end: {fault}");
            foreach (var difference in await harness.Administrator.VerifyAsync()) found.Violate($"verify: {difference}");
            var verdict = found.Conclude("", "", "");
            if (verdict.IsClean || TimeProvider.System.GetUtcNow() > deadline)
            {
                foreach (var what in verdict.Violations) findings.Violate(what);
                foreach (var what in verdict.Lost) findings.Lose(what);
                foreach (var what in verdict.ChargedTwice) findings.ChargeTwice(what);
                return;
            }

            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    private void Compare(IReadOnlyList<Row> rows, Findings findings)
    {
        var rowsOf = rows.ToLookup(row => row.Name);
        (Settled, Expired, ExpiredUnseen, Unknown, Released) = (0, 0, 0, 0, 0);
        foreach (var row in rows)
        {
            var isSeen = harness.Provider.Served.ContainsKey(row.Name);
            switch (row.Status)
            {
                case UsageStatus.Held:
                    findings.Violate($"{row.Name} is held beyond its lease");
                    break;
                case UsageStatus.Settled:
                    Settled++;
                    if (!isSeen) findings.Violate($"{row.Name} is settled, but the provider never saw it");
                    if (row.Cost <= 0 || row.Cost > row.Held) findings.Violate($"{row.Name} cost {row.Cost} of {row.Held} held");
                    break;
                case UsageStatus.Expired:
                    Expired++;
                    if (!isSeen) ExpiredUnseen++;
                    if (row.Cost != row.Held) findings.Violate($"{row.Name} is expired at {row.Cost}, not at the {row.Held} held");
                    break;
                case UsageStatus.Unknown:
                    Unknown++;
                    if (!isSeen) findings.Violate($"the outcome of {row.Name} is unknown, but the provider never saw it");
                    if (row.Cost <= 0 || row.Cost > row.Held) findings.Violate($"{row.Name} of unknown outcome cost {row.Cost} of {row.Held} held");
                    break;
                default:
                    Released++;
                    if (row.Cost != 0) findings.Violate($"{row.Name} is released at {row.Cost}");
                    break;
            }
        }

        foreach (var (name, times) in harness.Provider.Served)
        {
            if (times > 1) findings.ChargeTwice($"{name} was forwarded {times} times");
            if (!rowsOf[name].Any(row => row.IsCharged)) findings.Lose($"{name} was forwarded: {Tell(rowsOf[name])}");
        }

        foreach (var group in rowsOf)
        {
            if (group.Count(row => row.IsCharged) > 1) findings.ChargeTwice($"{group.Key} was charged {group.Count(row => row.IsCharged)} times");
        }

        foreach (var answer in answers)
        {
            if (answer.IsRefused && harness.Provider.Served.ContainsKey(answer.Name))
                findings.Violate($"{answer.Name} was answered {answer.Status} {answer.Code}, but forwarded");
            if (answer.IsRefused && rowsOf[answer.Name].Any(row => row.IsCharged))
                findings.Violate($"{answer.Name} was answered {answer.Status} {answer.Code}: {Tell(rowsOf[answer.Name])}");
            if (answer is { Status: 200, IsWhole: true } && !rowsOf[answer.Name].Any(row => row.IsCharged))
                findings.Lose($"{answer.Name} was answered: {Tell(rowsOf[answer.Name])}");
        }
    }

    private static string Tell(IEnumerable<Row> rows) =>
        rows.Any() ? $"its row is {string.Join(", ", rows.Select(row => row.Status))}" : "it has no row";
}
