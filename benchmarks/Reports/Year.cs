using AiGateway.Domain;

namespace AiGateway.Reports;

/// <summary>
/// A year of one organisation, the same in every run. Few users send many requests and many users send few. Most requests come by day, and
/// they use a handful of models. The counters are the sums of the records.
/// </summary>
internal sealed class Year
{
    public const int Users = 400;
    public const int KeysAUser = 3;

    /// <summary>The number of requests under way whose gateway has died. The sweep must expire them.</summary>
    public const int Expired = 1000;

    private static readonly (string Model, string Provider)[] Models =
    [
        ("gpt-6-luna", "openai"), ("gpt-6-luna-mini", "openai"), ("gpt-5.5", "openai"), ("gpt-5.5-nano", "openai"),
        ("text-embedding-3-small", "openai"), ("gpt-6-luna", "azure"), ("gpt-5.5", "azure"), ("gpt-4.1", "azure"),
    ];

    private readonly int _rows;
    private readonly Random _random = new(20261115);
    private readonly double[] _shares;

    public Year(int rows, DateTimeOffset end)
    {
        (_rows, End) = (rows, end);
        Start = end.AddDays(-365);
        UserIds = [.. Enumerable.Range(0, Users).Select(i => Guid.CreateVersion7(Start.AddMinutes(-Users + i)))];
        KeyIds = [.. Enumerable.Range(0, Users * KeysAUser).Select(i => Guid.CreateVersion7(Start.AddSeconds(-i)))];

        // The weight of the user of rank r is 1 / (r + 10). The weights are cumulated to pick a user with one random number.
        _shares = new double[Users];
        var sum = 0.0;
        for (var i = 0; i < Users; i++) _shares[i] = sum += 1.0 / (i + 10);
        for (var i = 0; i < Users; i++) _shares[i] /= sum;
    }

    public DateTimeOffset Start { get; }

    public DateTimeOffset End { get; }

    /// <summary>The ids of the users, with the most active user first.</summary>
    public Guid[] UserIds { get; }

    public Guid[] KeyIds { get; }

    public Dictionary<(Guid User, QuotaPeriod Period), (long Requests, long Settled, long Held)> Counters { get; } = [];

    /// <summary>Every usage record, oldest first. The sequence can be read once.</summary>
    public IEnumerable<UsageRecord> Rows()
    {
        var step = (End - Start).TotalMilliseconds / _rows;
        for (var i = 0; i < _rows; i++)
        {
            var at = Start.AddMilliseconds((i + _random.NextDouble()) * step);

            // Half of the requests of the night are moved into the day.
            if (at.Hour is < 7 or > 19 && _random.Next(2) == 0) at = at.Date.AddHours(8).AddMilliseconds(_random.Next(10 * 3_600_000));
            if (at >= End) at = End.AddMilliseconds(-1);
            yield return Count(NewRow(DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds()), isExpired: i >= _rows - Expired));
        }
    }

    private UsageRecord NewRow(DateTimeOffset at, bool isExpired)
    {
        var user = Array.BinarySearch(_shares, _random.NextDouble());
        if (user < 0) user = Math.Min(~user, Users - 1);
        var (model, provider) = Models[Math.Min(_random.Next(Models.Length), _random.Next(Models.Length))];
        var status = isExpired ? UsageStatus.Held : _random.Next(1000) switch
        {
            < 1 => UsageStatus.Expired,
            < 40 => UsageStatus.Released,
            _ => UsageStatus.Settled,
        };
        var (prompt, completion) = (_random.Next(50, 4000), _random.Next(10, 1500));
        var held = (prompt * 250L) + (2000 * 1000L);
        return new UsageRecord
        {
            Id = Guid.CreateVersion7(at),
            UserId = UserIds[user],
            ApiKeyId = KeyIds[(user * KeysAUser) + _random.Next(KeysAUser)],
            CreatedAt = at,
            Day = QuotaPeriod.DayOf(at).Start,
            Month = QuotaPeriod.MonthOf(at).Start,
            Operation = ModelOperation.Chat,
            RequestedModel = model,
            Model = model,
            Provider = provider,
            Streamed = _random.Next(2) == 0,
            Status = status,
            UsageSource = status == UsageStatus.Settled ? UsageSource.Provider : status == UsageStatus.Expired ? UsageSource.Held : UsageSource.None,
            PromptTokens = status == UsageStatus.Released ? 0 : prompt,
            CompletionTokens = status == UsageStatus.Released ? 0 : completion,
            HeldNanoUsd = held,
            CostNanoUsd = status switch
            {
                UsageStatus.Settled => (prompt * 250L) + (completion * 1000L),
                UsageStatus.Expired => held,
                _ => 0,
            },
            PriceVersion = "2026-11-01",
            ErrorCode = status == UsageStatus.Released ? "provider_timeout" : status == UsageStatus.Expired ? "expired" : null,
            LatencyMs = status == UsageStatus.Settled ? _random.Next(300, 20_000) : null,
            LeaseExpiresAt = at.AddSeconds(30),
        };
    }

    private UsageRecord Count(UsageRecord row)
    {
        if (row.Status == UsageStatus.Released) return row;
        foreach (var period in (QuotaPeriod[])[QuotaPeriod.DayOf(row.CreatedAt), QuotaPeriod.MonthOf(row.CreatedAt)])
        {
            var (requests, settled, held) = Counters.GetValueOrDefault((row.UserId, period));
            Counters[(row.UserId, period)] =
                (requests + 1, settled + row.CostNanoUsd, held + (row.Status == UsageStatus.Held ? row.HeldNanoUsd : 0));
        }

        return row;
    }
}
