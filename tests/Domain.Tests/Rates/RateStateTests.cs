namespace AiGateway.Domain.Tests.Rates;

public sealed class RateStateTests
{
    private const long Noon = 1_794_744_000_000_000_000;
    private const long Second = 1_000_000_000;
    private const int Seed = 20261127;

    // The last ones have an amount by which a minute cannot be divided.
    [TestCase(1)]
    [TestCase(60)]
    [TestCase(60_000)]
    [TestCase(Rate.MostTokens)]
    [TestCase(7)]
    [TestCase(999_999_937)]
    public void Rule_InRandomSequences_AgreesWithABucketOfExactAmounts(long amount)
    {
        var isExact = RateState.Minute % amount == 0;
        var random = new Random(Seed);
        for (var sequence = 0; sequence < 200; sequence++)
        {
            var (bucket, state) = (new Bucket(amount), StateOf(amount));
            var open = new List<long>();
            for (var step = 0; step < 100; step++)
            {
                var passed = random.Next(3) == 0 ? random.NextInt64(RateState.Minute) : random.NextInt64(RateState.Minute / 50);
                state = state with { Now = state.Now + passed };
                bucket.Pass(passed);
                var needed = 1 + random.NextInt64(random.Next(4) == 0 ? amount : Math.Max(1, amount / 10));
                if (open.Count > 0 && random.Next(2) == 0)
                {
                    var taken = open[^1];
                    var used = random.Next(8) == 0 ? taken + random.NextInt64(amount) : random.NextInt64(taken + 1);
                    open.RemoveAt(open.Count - 1);
                    state = state.Correct(taken, used);
                    bucket.Correct(taken, used);
                    continue;
                }

                var isAdmitted = state.WaitFor(needed) == TimeSpan.Zero;
                Assert.That(isAdmitted && !bucket.Has(needed, -RateState.Tolerance), Is.False, "never over the exact amount");
                if (!isAdmitted) Assert.That(bucket.Has(needed, slackNanoseconds: isExact ? 0 : 2 * (step + 1)), Is.False, "never refuses what fits");
                if (!isAdmitted) continue;
                (state, open) = (state.Take(needed), [.. open, needed]);
                bucket.Take(needed);
            }
        }
    }

    [TestCase(60, 1, 1)]
    [TestCase(60_000, 700, 1)]
    [TestCase(7, 1, 9)]
    public void Wait_OfARefusal_IsExact(long amount, long needed, int seconds)
    {
        var full = Filled(StateOf(amount));

        var wait = full.WaitFor(needed);
        var later = full with { Now = full.Now + (wait.Ticks * 100) };

        Assert.That(Math.Ceiling(wait.TotalSeconds), Is.EqualTo(seconds));
        Assert.That(later.WaitFor(needed), Is.EqualTo(TimeSpan.Zero));
        Assert.That((later with { Now = later.Now - 200 }).WaitFor(needed), Is.GreaterThan(TimeSpan.Zero));
        Assert.That(later.Capacity, Is.GreaterThanOrEqualTo(needed));
        Assert.That((later with { Now = later.Now - 200 }).Capacity, Is.LessThan(needed));
    }

    [Test]
    public void Burst_IsOneMinutesWorth()
    {
        var idle = StateOf(60_000) with { Now = Noon + (3600 * Second) };

        Assert.That((idle.Capacity, idle.FullIn), Is.EqualTo((60_000L, TimeSpan.Zero)));
        Assert.That(idle.WaitFor(60_000), Is.EqualTo(TimeSpan.Zero));
        Assert.That((idle.IsTooMuch(60_000), idle.IsTooMuch(60_001)), Is.EqualTo((false, true)));
        Assert.That((idle.Take(60_000).Capacity, idle.Take(60_000).FullIn), Is.EqualTo((0L, TimeSpan.FromMinutes(1))));
    }

    [Test]
    public void Correct_GivesBackWhatWasNotUsed_ButNothingBeyondAnEmptyMinute()
    {
        var held = StateOf(600).Take(300);

        Assert.That(held.Correct(300, 100).Capacity, Is.EqualTo(500));
        Assert.That(held.Correct(300, 0), Is.EqualTo(StateOf(600) with { Tat = Noon }));
        Assert.That((held with { Now = Noon + (40 * Second) }).Correct(300, 0).Capacity, Is.EqualTo(600), "what was given back in the meantime does not add up");
        Assert.That(held.Correct(300, 400).Capacity, Is.EqualTo(200), "more was used than held");
        Assert.That(held.Correct(300, 1_000_000).FullIn, Is.EqualTo(TimeSpan.FromMinutes(1)));
    }

    [Test]
    public void Clock_SetBack_AdmitsNothingMoreAndRefusesNothingForEver([Values(1, 59, 60, 61, 3600, 1_000_000)] int seconds)
    {
        var full = Filled(StateOf(60)) with { Now = Noon - (seconds * Second) };

        Assert.That(full.Capacity, Is.Zero);
        Assert.That(full.WaitFor(1), Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(1)).And.LessThanOrEqualTo(TimeSpan.FromSeconds(61)));
        Assert.That((full with { Now = full.Now + (61 * Second) }).WaitFor(1), Is.EqualTo(TimeSpan.Zero).Or.LessThanOrEqualTo(TimeSpan.FromSeconds(1)));
    }

    private static RateState StateOf(long amount) => new(
        new Rate { ScopeId = Guid.Empty, ScopeKind = ScopeKind.Key, Metric = BudgetMetric.Tokens, Amount = amount, Since = default }, 0, Noon);

    private static RateState Filled(RateState state) => state.Take(state.Rate.Amount);

    /// <summary>The reference: a bucket that leaks, in parts of a token that need no rounding.</summary>
    private sealed class Bucket(long amount)
    {
        private Int128 _level;

        private Int128 Size => (Int128)amount * RateState.Minute;

        public void Pass(long nanoseconds) => _level = Int128.Max(0, _level - ((Int128)nanoseconds * amount));

        public bool Has(long needed, long slackNanoseconds = 0) =>
            _level + ((Int128)needed * RateState.Minute) + ((Int128)slackNanoseconds * amount) <= Size;

        public void Take(long taken) => _level += (Int128)taken * RateState.Minute;

        public void Correct(long taken, long used)
        {
            var after = _level - ((Int128)(taken - used) * RateState.Minute);
            _level = used <= taken ? Int128.Max(0, after) : Int128.Max(_level, Int128.Min(Size, after));
        }
    }
}
