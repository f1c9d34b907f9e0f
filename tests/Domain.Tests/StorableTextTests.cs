namespace AiGateway.Domain.Tests;

public sealed class StorableTextTests
{
    [TestCase("", true)]
    [TestCase("plain", true)]
    [TestCase("Ω 😀", true)]
    [TestCase("a\0b", false)]
    public void IsStorable_OfText_IsFalseWithNul(string text, bool expected) => Assert.That(StorableText.IsStorable(text), Is.EqualTo(expected));

    // This is no test case, because an attribute cannot contain half a surrogate pair.
    [Test]
    public void IsStorable_OfHalfASurrogatePair_IsFalse() =>
        Assert.That((StorableText.IsStorable("a\ud800b"), StorableText.IsStorable("\udc00")), Is.EqualTo((false, false)));

    [TestCase("abc", 3, "abc")]
    [TestCase("abc", 2, "ab")]
    [TestCase("abc", 0, "")]
    [TestCase("a😀b", 2, "a")]
    [TestCase("a😀b", 3, "a😀")]
    public void Prefix_OfText_NeverEndsWithHalfAPair(string text, int length, string expected) =>
        Assert.That(StorableText.Prefix(text, length), Is.EqualTo(expected));
}
