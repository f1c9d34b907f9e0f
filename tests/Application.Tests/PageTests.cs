namespace AiGateway.Application.Tests;

public sealed class PageTests
{
    [TestCase(0, 0, null)]
    [TestCase(2, 2, null)]
    [TestCase(3, 3, null)]
    [TestCase(4, 3, 3)]
    public void Page_OfThree_HasANextPageOnlyIfAFourthItemWasRead(int read, int expectedItems, int? expectedNext)
    {
        int[] items = [.. Enumerable.Range(1, read)];

        var page = Page.Of(items, 3, item => (int?)item);

        Assert.That(page.Items, Is.EqualTo(Enumerable.Range(1, expectedItems)));
        Assert.That(page.Next, Is.EqualTo(expectedNext));
    }
}
