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
        Assert.That(Admission.AmountFor(new QuotaLimits(null, null, spend), new QuotaUse(0, 0, settled, held), usual, most), Is.EqualTo(amount));

    [Test]
    public void AmountFor_InTenThousandRandomStates_NeverExceedsTheCapacityAndNeverStarvesTheUsualAmount()
    {
        var random = new Random(Seed);
        for (var i = 0; i < 10_000; i++)
        {
            var (limits, used) = (new QuotaLimits(null, null, Next(random)), new QuotaUse(0, 0, Next(random), Next(random)));
            var usual = Next(random);
            var most = usual + Next(random);
            var least = usual == 0 ? 0 : random.NextInt64(usual);
            if (Admission.Decide(limits, used, least, DateTimeOffset.UnixEpoch) is not null) continue;

            var amount = Admission.AmountFor(limits, used, usual, most);

            Assert.That(Admission.HasCapacity(limits, used, amount), Is.True);
            Assert.That(amount, Is.InRange(least, most));
            Assert.That(amount >= usual || !Admission.HasCapacity(limits, used, amount + 1), Is.True, "less than the usual amount only where no more is left");
        }
    }

    // Near the limits of a number, and near one another.
    private static long Next(Random random) => random.Next(4) switch
    {
        0 => random.NextInt64(long.MaxValue / 4),
        1 => 0,
        _ => random.Next(5_000),
    };
}
