using AiGateway.Application.Quotas;
using AiGateway.Domain;
using CsCheck;

namespace AiGateway.Infrastructure.Tests.Ledger;

/// <summary>Random histories, compared step by step with a model that a reader can check by eye.</summary>
internal sealed class InterleavingTests
{
    private const int Users = 2;

    private static readonly Gen<Step> AnyStep = Gen.Frequency(
        (6, Gen.Select(Gen.Int[0, Users - 1], Gen.Long[0, 60], (user, held) => new Step(StepKind.Hold, user, held))),
        (4, Gen.Select(Gen.Int[0, 30], Gen.Long[0, 60], (index, cost) => new Step(StepKind.Settle, index, cost))),
        (2, Gen.Int[0, 30].Select(index => new Step(StepKind.Release, index, 0))),
        (1, Gen.Const(new Step(StepKind.LoseSight, 0, 0))),
        (1, Gen.Select(Gen.Int[0, Users - 1], Gen.Long[0, 150], (user, limit) => new Step(StepKind.Limit, user, limit))));

    [Test]
    public async Task Books_AfterAnyHistory_EqualTheModelAndBalance() =>
        await Gen.Select(AnyStep.Array[1, 25], AnyStep.Array[1, 25]).SampleAsync(
            async histories =>
            {
                await using var books = await Books.OpenAsync();
                var model = new Model();
                foreach (var user in model.Accounts)
                {
                    user.Id = await books.AddUserAsync(new QuotaLimits(null, null, user.Limit));
                }

                foreach (var step in histories.Item1.Concat(histories.Item2)) await CompareAsync(books, model, step);
                await books.AssertBalancedAsync();
            },
            iter: 60, threads: 2);

    [Test]
    public async Task Books_AfterConcurrentHistories_BalanceAndNeverExceedTheLimit()
    {
        await using var books = await Books.OpenAsync();
        const long Limit = 500;
        var user = await books.AddUserAsync(new QuotaLimits(null, null, Limit));
        await Gen.Select(Gen.Long[0, 60], Gen.Int[0, 3]).Array[20].SampleAsync(
            async steps =>
            {
                await Task.WhenAll(steps.Select(step => Task.Run(async () =>
                {
                    var hold = books.NewHold(user, step.Item1);
                    if (await books.Ledger.HoldAsync(hold, CancellationToken.None) is not null) return;
                    if (step.Item2 == 0) await books.SettleAsync(hold.RequestId, cost: step.Item1 / 50);
                    else await books.ReleaseAsync(hold.RequestId);
                    await books.SettleAsync(hold.RequestId, cost: step.Item1);
                })));
                var use = await books.UseAsync(user);
                Assert.That(use.MonthSettledNanoUsd + use.MonthHeldNanoUsd, Is.LessThanOrEqualTo(Limit));
                Assert.That(use.MonthHeldNanoUsd, Is.Zero);
                await books.AssertBalancedAsync();
            },
            iter: 20, threads: 1);
    }

    private static async Task CompareAsync(Books books, Model model, Step step)
    {
        switch (step.Kind)
        {
            case StepKind.Hold:
                var hold = books.NewHold(model.Accounts[step.Index].Id, step.Amount, Books.Noon);
                var isGranted = await books.Ledger.HoldAsync(hold, CancellationToken.None) is null;
                Assert.That(isGranted, Is.EqualTo(model.Hold(hold.RequestId, step.Index, step.Amount)), "granted");
                break;
            case StepKind.Settle when model.RequestAt(step.Index) is { } request:
                await books.SettleAsync(request.Id, step.Amount);
                Model.End(request, step.Amount, UsageStatus.Settled);
                break;
            case StepKind.Release when model.RequestAt(step.Index) is { } request:
                await books.ReleaseAsync(request.Id);
                Model.End(request, 0, UsageStatus.Released);
                break;
            case StepKind.LoseSight:
                await books.LoseSightAsync();
                model.LoseSight();
                break;
            case StepKind.Limit:
                model.Accounts[step.Index].Limit = step.Amount;
                await books.SetLimitsAsync(model.Accounts[step.Index].Id, new QuotaLimits(null, null, step.Amount));
                break;
        }

        for (var user = 0; user < Users; user++)
            Assert.That(await books.UseAsync(model.Accounts[user].Id, Books.Noon), Is.EqualTo(model.UseOf(user)));
    }

    private enum StepKind
    {
        Hold,
        Settle,
        Release,
        LoseSight,
        Limit,
    }

    private sealed record Step(StepKind Kind, int Index, long Amount);

    private sealed class Account
    {
        public Guid Id { get; set; }

        public long Limit { get; set; } = 100;
    }

    private sealed class Request
    {
        public required Guid Id { get; init; }

        public required int User { get; init; }

        public required long Held { get; init; }

        public UsageStatus Status { get; set; }

        public long Cost { get; set; }
    }

    /// <summary>Keeps only the requests; every figure is added up anew.</summary>
    private sealed class Model
    {
        private readonly List<Request> _requests = [];

        public Account[] Accounts { get; } = [.. Enumerable.Range(0, Users).Select(_ => new Account())];

        public Request? RequestAt(int index) => _requests.Count == 0 ? null : _requests[index % _requests.Count];

        public bool Hold(Guid id, int user, long held)
        {
            var use = UseOf(user);
            if (use.MonthSettledNanoUsd + use.MonthHeldNanoUsd + held > Accounts[user].Limit) return false;
            _requests.Add(new Request { Id = id, User = user, Held = held });
            return true;
        }

        public static void End(Request request, long cost, UsageStatus status)
        {
            if (request.Status is UsageStatus.Held or UsageStatus.Abandoned) (request.Cost, request.Status) = (cost, status);
        }

        public void LoseSight()
        {
            foreach (var request in _requests.Where(each => each.Status == UsageStatus.Held))
                (request.Cost, request.Status) = (request.Held, UsageStatus.Abandoned);
        }

        public QuotaUse UseOf(int user)
        {
            var counted = _requests.Where(each => each.User == user && each.Status != UsageStatus.Released).ToList();
            return new QuotaUse(
                counted.Count, counted.Count, counted.Sum(each => each.Cost),
                counted.Where(each => each.Status == UsageStatus.Held).Sum(each => each.Held));
        }
    }
}
