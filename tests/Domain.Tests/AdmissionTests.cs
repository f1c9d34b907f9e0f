namespace AiGateway.Domain.Tests;

public sealed class AdmissionTests
{
    private const int Seed = 20261126;

    [TestCase(null, 0, 0, 10, 500, 500, Description = "no limit: as much as the model has")]
    [TestCase(1_000, 0, 0, 10, 500, 250, Description = "a quarter of the capacity")]
    [TestCase(1_000, 500, 100, 10, 500, 100, Description = "a quarter of what is left")]
    [TestCase(1_000, 0, 0, 400, 500, 400, Description = "the usual amount is more than a quarter")]
    [TestCase(1_000, 900, 0, 400, 500, 100, Description = "less than the usual amount is left")]
    [TestCase(4_000, 0, 0, 10, 500, 500, Description = "a quarter is more than the model can use")]
    [TestCase(100, 100, 0, 0, 0, 0, Description = "a free model")]
    public void AmountFor_IsAQuarterOfTheCapacityWithinItsBounds(long? spend, long settled, long held, long usual, long most, long amount) =>
        Assert.That(
            Admission.AmountFor(StateOf(spend, settled, held), new HeldAmount(usual, 0), new HeldAmount(most, 0)), Is.EqualTo(new HeldAmount(amount, 0)));

    [Test]
    public void AmountFor_InTenThousandRandomStates_NeverExceedsTheCapacityAndNeverStarvesTheUsualAmount()
    {
        var random = new Random(Seed);
        for (var i = 0; i < 10_000; i++)
        {
            var state = StateOf(Next(random), Next(random), Next(random));
            var usual = Next(random);
            var most = usual + Next(random);
            var least = usual == 0 ? 0 : random.NextInt64(usual);
            if (Admission.Decide(state, new HeldAmount(least, 0), DateTimeOffset.UnixEpoch) is not null) continue;

            var amount = Admission.AmountFor(state, new HeldAmount(usual, 0), new HeldAmount(most, 0)).NanoUsd;

            Assert.That(Admission.HasCapacity(state, new HeldAmount(amount, 0)), Is.True);
            Assert.That(amount, Is.InRange(least, most));
            Assert.That(amount >= usual || !Admission.HasCapacity(state, new HeldAmount(amount + 1, 0)), Is.True, "less than the usual amount only where no more is left");
        }
    }

    private static LimitState StateOf(long? spend, long settled, long held) =>
        new(new QuotaLimits(null, null, spend), new QuotaUse(0, 0, settled, held), []);

    // Near the limits of a number, and near one another.
    private static long Next(Random random) => random.Next(4) switch
    {
        0 => random.NextInt64(long.MaxValue / 4),
        1 => 0,
        _ => random.Next(5_000),
    };
}
