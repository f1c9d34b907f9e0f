namespace AiGateway.Domain.Tests;

public sealed class TokenUsageTests
{
    [TestCase(0, 0, 0, 0, 0)]
    [TestCase(10, 5, 10, 0, 5, Description = "a part may equal the whole")]
    [TestCase(10, 5, 6, 4, 0)]
    [TestCase(TokenUsage.MaxPlausibleTokens, TokenUsage.MaxPlausibleTokens, 0, 0, 0)]
    public void IsPlausible_WhenTheFiguresArePossible_IsTrue(long prompt, long completion, long cached, long written, long reasoning) =>
        Assert.That(new TokenUsage(prompt, completion, cached, written, reasoning).IsPlausible, Is.True);

    [TestCase(-1, 0, 0, 0, 0)]
    [TestCase(0, -1, 0, 0, 0)]
    [TestCase(10, 5, -1, 0, 0)]
    [TestCase(10, 5, 0, -1, 0)]
    [TestCase(10, 5, 0, 0, -1)]
    [TestCase(10, 5, 11, 0, 0)]
    [TestCase(10, 5, 0, 11, 0)]
    [TestCase(10, 5, 6, 5, 0, Description = "cached and written together are more than the prompt")]
    [TestCase(10, 5, 0, 0, 6)]
    [TestCase(TokenUsage.MaxPlausibleTokens + 1, 0, 0, 0, 0)]
    [TestCase(0, TokenUsage.MaxPlausibleTokens + 1, 0, 0, 0)]
    [TestCase(10, 5, long.MaxValue, long.MaxValue, 0, Description = "their sum would overflow")]
    [TestCase(10, 5, 1, long.MaxValue, 0)]
    public void IsPlausible_WhenTheFiguresAreImpossible_IsFalse(long prompt, long completion, long cached, long written, long reasoning) =>
        Assert.That(new TokenUsage(prompt, completion, cached, written, reasoning).IsPlausible, Is.False);

    [TestCase(4, 4, ExpectedResult = true)]
    [TestCase(4, 5, ExpectedResult = false, Description = "more than all cached writes")]
    [TestCase(4, -1, ExpectedResult = false)]
    public bool IsPlausible_OfTokensCachedForAnHour_IsTrueIfTheyAreAPartOfTheWrites(long written, long hour) =>
        new TokenUsage(10, 5, CacheWriteTokens: written, CacheWrite1hTokens: hour).IsPlausible;

    [Test]
    public void TotalTokens_CountsEachTokenOnce() =>
        Assert.That(new TokenUsage(100, 50, 40, 30, 20).TotalTokens, Is.EqualTo(150));
}
