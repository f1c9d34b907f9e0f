using System.Text.Json;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;
using Microsoft.Extensions.Time.Testing;

namespace AiGateway.Api.Tests.Reports;

/// <summary>A receipt shows the price of the charge, whatever the price book says later.</summary>
internal sealed class ReceiptPriceTests
{
    private static readonly TimeSpan StartDelay = TimeSpan.FromSeconds(5);

    [Test]
    public async Task Receipt_AfterARestartWithOtherPrices_ShowsThePriceOfTheCharge()
    {
        using var folder = new TempFolder();
        var (id, version) = await ChargeAsync(folder);
        await using var later = await GatewayHost.StartAsync(
            null,
            ("ConnectionStrings:Gateway", folder.ConnectionString),
            ("AI_GATEWAY_PRICES", folder.Write("later.json", TestPrices.Json.Replace("0.123456789", "0.5", StringComparison.Ordinal))));

        var unread = await ReadPriceWithoutContentAsync(later, folder, id);
        var price = await ReadPriceAsync(later, id);

        Assert.That(unread.GetProperty("row").ValueKind, Is.EqualTo(JsonValueKind.Null), "a content that cannot be read is no error");
        Assert.That(unread.GetProperty("version").GetString(), Is.EqualTo(version));
        Assert.That(price.GetProperty("version").GetString(), Is.EqualTo(version));
        var row = price.GetProperty("row");
        Assert.That((row.GetProperty("provider").GetString(), row.GetProperty("model").GetString()), Is.EqualTo(("openai", TestPrices.Model)));
        Assert.That(row.GetProperty("input").GetDecimal(), Is.EqualTo(0.123456789m));
        Assert.That(row.GetProperty("listCostUsd").GetDecimal(), Is.EqualTo(TestPrices.CostUsd(1000, 100)));
        var next = (await (await later.CreateUserAsync()).Caller.GenerateAsync()).Expect(200).RequestId;
        Assert.That((await ReadPriceAsync(later, next)).GetProperty("row").GetProperty("input").GetDecimal(), Is.EqualTo(0.5m));
    }

    /// <summary>Charges a request in a gateway that runs until it has stored its price book.</summary>
    private static async Task<(Guid Id, string Version)> ChargeAsync(TempFolder folder)
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var gateway = await GatewayHost.StartAsync(clock, ("ConnectionStrings:Gateway", folder.ConnectionString));
        gateway.Provider.Reset(Answers.Completion(prompt: 1000, completion: 100));
        var id = (await (await gateway.CreateUserAsync()).Caller.GenerateAsync()).Expect(200).RequestId;
        await Eventually.GetAsync(
            () =>
            {
                clock.Advance(StartDelay);
                return Task.FromResult(folder.Read<long>("SELECT count(*) FROM price_books"));
            },
            kept => kept == 1);
        return (id, (await ReadPriceAsync(gateway, id)).GetProperty("version").GetString()!);
    }

    private static async Task<JsonElement> ReadPriceWithoutContentAsync(GatewayHost gateway, TempFolder folder, Guid id)
    {
        folder.Execute("CREATE TABLE saved AS SELECT * FROM price_books");
        folder.Execute("UPDATE price_books SET content = '{'");
        var price = await ReadPriceAsync(gateway, id);
        folder.Execute("UPDATE price_books SET content = (SELECT content FROM saved WHERE saved.version = price_books.version)");
        return price;
    }

    private static async Task<JsonElement> ReadPriceAsync(GatewayHost gateway, Guid id) =>
        (await gateway.Admin.GetAsync($"/api/v1/admin/usage/{id}")).Expect(200).Json.GetProperty("price");
}
