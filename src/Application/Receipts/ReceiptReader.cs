using System.Buffers.Binary;
using AiGateway.Application.Pricing;
using AiGateway.Application.Providers;
using AiGateway.Application.Usage;
using AiGateway.Domain;

namespace AiGateway.Application.Receipts;

/// <summary>Puts the receipt of a request together.</summary>
internal sealed class ReceiptReader(IReceiptStore store, IPriceBook prices, IPriceHistory history, IProviderDirectory providers)
{
    private const int TimeOrderedVersion = 7;

    /// <summary>The receipt of a request.</summary>
    /// <param name="requestId">The request.</param>
    /// <param name="within">The records that the caller may see.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="AiGatewayException"><see cref="ErrorCode.NotFound"/>: there is no such record among them.</exception>
    public async Task<Receipt> ReadAsync(Guid requestId, UsageSelection within, CancellationToken cancellationToken) =>
        await store.FindAsync(requestId, within, cancellationToken) is { } stored
            ? new Receipt(stored, await FindPriceAsync(stored.Record, cancellationToken))
            : throw new AiGatewayException(ErrorCode.NotFound, await ExplainAsync(requestId, cancellationToken));

    // The text depends on the id alone, so it tells no caller whether another one has such a record.
    private async Task<string> ExplainAsync(Guid requestId, CancellationToken cancellationToken) =>
        DayOf(requestId) is { } day && await store.IsArchivedAsync(day, cancellationToken)
            ? $"There is no usage record {requestId}. Records of {day:yyyy-MM-dd} are archived. Look for the id in the archive files."
            : $"There is no usage record {requestId}.";

    private static DateOnly? DayOf(Guid requestId)
    {
        if (requestId.Version != TimeOrderedVersion) return null;
        Span<byte> bytes = stackalloc byte[16];
        requestId.TryWriteBytes(bytes, bigEndian: true, out _);
        var milliseconds = (long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16);
        return milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? null
            : DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime);
    }

    private async Task<ReceiptPrice?> FindPriceAsync(UsageRecord record, CancellationToken cancellationToken)
    {
        var rows = record.PriceVersion == prices.Version ? prices : await history.FindAsync(record.PriceVersion, cancellationToken);
        if (rows is null || FindModel(record, rows) is not { } model) return null;
        var price = model.PriceOn(DateOnly.FromDateTime(record.CreatedAt.UtcDateTime));
        return new ReceiptPrice(model.Provider, model.Model, price, ListCostOf(record, price));
    }

    /// <summary>The row by which the provider is configured to charge now; without such a row, the only one that can be meant.</summary>
    private PricedModel? FindModel(UsageRecord record, IPriceRows rows)
    {
        string[] names = [record.Attempts is [.., var last] ? last.Model : record.Model, record.Model, record.RequestedModel];
        if (providers.Current.Find(record.Provider) is { } provider)
        {
            foreach (var name in names)
            {
                if (provider.FindModel(name, rows) is { } served) return served;
            }
        }

        foreach (var name in names)
        {
            if (FindSold(record.Provider, name, rows) is { Count: > 0 } sold) return sold is [var only] ? only : null;
        }

        return null;
    }

    /// <summary>The rows of a name: of the seller that is named as the provider, else of every seller.</summary>
    private static List<PricedModel> FindSold(string provider, string name, IPriceRows rows) => rows.FindPriced(provider, name) is { } own
        ? [own]
        : [.. rows.Models.Select(model => model.Provider).Distinct().Select(seller => rows.FindPriced(seller, name)).OfType<PricedModel>()];

    private static long? ListCostOf(UsageRecord record, ModelPrice price)
    {
        var usage = new TokenUsage(record.PromptTokens, record.CompletionTokens, record.CachedPromptTokens, record.CacheWriteTokens, record.ReasoningTokens);
        return record.Status is UsageStatus.Held or UsageStatus.Released || !usage.IsPlausible ? null : price.CostNanoUsd(usage);
    }
}
