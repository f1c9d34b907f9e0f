using System.Buffers.Binary;
using AiGateway.Application.Pricing;
using AiGateway.Application.Providers;
using AiGateway.Application.Usage;
using AiGateway.Domain;

namespace AiGateway.Application.Receipts;

/// <summary>Puts the receipt of a request together.</summary>
internal sealed class ReceiptReader(IReceiptStore store, IPriceBook prices, IProviderDirectory providers)
{
    private const int TimeOrderedVersion = 7;

    /// <summary>The receipt of a request.</summary>
    /// <param name="requestId">The request.</param>
    /// <param name="within">The records that the caller may see.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="AiGatewayException"><see cref="ErrorCode.NotFound"/>: there is no such record among them.</exception>
    public async Task<Receipt> ReadAsync(Guid requestId, UsageSelection within, CancellationToken cancellationToken) =>
        await store.FindAsync(requestId, within, cancellationToken) is { } stored
            ? new Receipt(stored, FindPrice(stored.Record))
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

    private ReceiptPrice? FindPrice(UsageRecord record)
    {
        if (record.PriceVersion != prices.Version || providers.Current.Find(record.Provider) is not { } provider) return null;
        var called = record.Attempts is [.., var last] ? last.Model : record.Model;
        var model = provider.FindModel(called) ?? provider.FindModel(record.Model) ?? provider.FindModel(record.RequestedModel);
        if (model is null) return null;
        var price = model.PriceOn(DateOnly.FromDateTime(record.CreatedAt.UtcDateTime));
        return new ReceiptPrice(model.Provider, model.Model, price, ListCostOf(record, price));
    }

    private static long? ListCostOf(UsageRecord record, ModelPrice price)
    {
        var usage = new TokenUsage(record.PromptTokens, record.CompletionTokens, record.CachedPromptTokens, record.CacheWriteTokens, record.ReasoningTokens);
        return record.Status is UsageStatus.Held or UsageStatus.Released || !usage.IsPlausible ? null : price.CostNanoUsd(usage);
    }
}
