using System.Diagnostics;
using AiGateway.Application.Archive;
using AiGateway.Application.Ledger;
using AiGateway.Application.Quotas;
using AiGateway.Application.Usage;
using AiGateway.Benchmarks;
using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger.Writer;
using AiGateway.Infrastructure.Persistence.Reports;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace AiGateway.Reports;

/// <summary>The figures of one engine, in the order of the table.</summary>
internal sealed record Column(string Engine, IReadOnlyList<(string What, double Milliseconds)> Figures);

/// <summary>Measures the time of each report through the classes that serve it.</summary>
internal sealed class Stopwatches(string engine, IServiceProvider services, Year year, string folder)
{
    private const int Runs = 3;
    private const int Pairs = 20_000;
    private const int AtOnce = 64;
    private readonly IUsageReports _reports = services.GetRequiredService<IUsageReports>();
    private readonly ILedger _ledger = services.GetRequiredService<ILedger>();
    private readonly List<(string, double)> _figures = [];

    public async Task<Column> RunAsync()
    {
        await SweepAsync();
        await ListsAsync(year.UserIds[0], "the busiest user");
        await ListsAsync(year.UserIds[^1], "the quietest user");
        await TimeAsync("quota of a user", () => services.GetRequiredService<IQuotaStore>().ReadUseAsync(year.UserIds[0], year.End, default));
        await AllSumsAsync(", no day added up");
        var watch = Stopwatch.StartNew();
        var days = await services.GetRequiredService<DailyUsageJob>().RunOnceAsync(default);
        Add("adding a day up", watch, days);
        await AllSumsAsync("");
        await TimeAsync("verify", () => _ledger.VerifyAsync(default), run => run.Balanced);
        await PairsAsync();
        await ArchiveAsync();
        return new(engine, _figures);
    }

    // The ledger's first transaction is the sweep. It has ended when a later request is answered.
    private async Task SweepAsync()
    {
        var watch = Stopwatch.StartNew();
        await services.GetRequiredService<LedgerWriter>().StartAsync(default);
        await PairAsync(0);
        Add($"start of the ledger, sweep of {Year.Expired} expired holds", watch);
    }

    private async Task AllSumsAsync(string how)
    {
        var month = QuotaPeriod.MonthOf(year.End).Start.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
        var day = year.End.AddDays(-100).UtcDateTime.Date;
        foreach (var grouping in UsageGroupings.SummedByDay)
        {
            await SumAsync(grouping, "the current month" + how, month, null);
            await SumAsync(grouping, "a day" + how, day, day.AddDays(1));
            await SumAsync(grouping, "90 days from noon to noon" + how, day.AddHours(-12), day.AddDays(89).AddHours(12));
            await SumAsync(grouping, "everything" + how, null, null);
        }
    }

    /// <summary>Archives the oldest month while the ledger is under load.</summary>
    private async Task ArchiveAsync()
    {
        var before = QuotaPeriod.DayOf(year.Start).Start.AddDays(30);
        var watch = Stopwatch.StartNew();
        var archive = services.GetRequiredService<IMediator>().Send(new ArchiveUsage(before, Path.Combine(folder, $"{engine}.jsonl.gz")));
        var slowest = TimeSpan.Zero;
        for (var i = 0; !archive.IsCompleted; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await PairAsync(i);
            if (Stopwatch.GetElapsedTime(start) is var took && took > slowest) slowest = took;
        }

        var result = await archive;
        Console.WriteLine($"{engine}: {result.Removed} archived in {watch.Elapsed.TotalSeconds:0} s");
        Add("archiving a thousand records", watch, (int)(result.Removed / 1000));
        Add("slowest hold and settle meanwhile", slowest.TotalMilliseconds);
        await TimeAsync("sums by user, everything, a month archived", () => _reports.SumAsync([UsageGrouping.User], new(), default));
        await TimeAsync("verify, a month archived", () => _ledger.VerifyAsync(default), run => run.Balanced);
    }

    private async Task ListsAsync(Guid user, string who)
    {
        var first = new UsageFilter(new UsageSelection { UserId = user }, null, 51);
        await TimeAsync($"list of {who}, first page", () => _reports.ListAsync(first, default));
        var deep = first with { Before = new UsageCursor(year.Start.AddDays(30), Guid.AllBitsSet) };
        await TimeAsync($"list of {who}, deep page", () => _reports.ListAsync(deep, default), page => page.Count > 0);
        await TimeAsync($"list of {who}, a month", () => _reports.ListAsync(
            Of(records => records with { From = year.Start.AddDays(60), To = year.Start.AddDays(90) }), default));
        await TimeAsync($"list of {who}, a common model", () => _reports.ListAsync(Of(records => records with { Model = "gpt-6-luna" }), default));
        await TimeAsync($"list of {who}, a model never used", () => _reports.ListAsync(Of(records => records with { Model = "none" }), default));

        UsageFilter Of(Func<UsageSelection, UsageSelection> change) => first with { Records = change(first.Records) };
    }

    private Task SumAsync(UsageGrouping by, string of, DateTimeOffset? from, DateTimeOffset? to) => TimeAsync(
        $"sums by {by.ToString().ToLowerInvariant()}, {of}", () => _reports.SumAsync([by], new() { From = from, To = to }, default), sums => sums.Count > 0);

    private async Task PairsAsync()
    {
        for (var i = 0; i < 200; i++) await PairAsync(i);
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 200; i++) await PairAsync(i);
        Add("hold and settle, one at a time, each", watch, 200);

        watch.Restart();
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(lane => Task.Run(async () =>
        {
            for (var i = 0; i < Pairs / AtOnce; i++) await PairAsync(lane + i);
        })));
        Add($"hold and settle, {AtOnce} at a time, each", watch, Pairs);
    }

    private async Task PairAsync(int number)
    {
        var user = number % Year.Users;
        var hold = SampleOperations.NewHold(year.UserIds[user], year.KeyIds[user * Year.KeysAUser]);
        if ((await _ledger.HoldAsync(hold, default)).Refusal is { } refusal) throw new InvalidOperationException(refusal.Describe());
        await _ledger.SettleAsync(SampleOperations.NewSettlement(hold));
    }

    /// <summary>Runs once to warm up, and then takes the median of some runs.</summary>
    private async Task TimeAsync<TResult>(string what, Func<Task<TResult>> run, Func<TResult, bool>? isRight = null)
    {
        var times = new List<double>();
        for (var i = 0; i <= Runs; i++)
        {
            var watch = Stopwatch.StartNew();
            var result = await run();
            times.Add(watch.Elapsed.TotalMilliseconds);
            if (isRight?.Invoke(result) == false) throw new InvalidOperationException($"{engine}: {what}: {result}");
        }

        Add(what, times[1..].Order().ElementAt(Runs / 2));
    }

    private void Add(string what, Stopwatch watch, int times = 1) => Add(what, watch.Elapsed.TotalMilliseconds / times);

    private void Add(string what, double milliseconds)
    {
        Console.WriteLine($"{engine}: {what}: {milliseconds:0.###} ms");
        _figures.Add((what, milliseconds));
    }
}
