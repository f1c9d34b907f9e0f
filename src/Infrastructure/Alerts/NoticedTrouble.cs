using System.Globalization;
using AiGateway.Application.Alerts;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Mapping;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Alerts;

/// <summary>Stores alerts of providers and records. A unique key per outage or minute keeps several gateways to one alert.</summary>
internal sealed class NoticedTrouble(IDbContextFactory<GatewayContext> contexts, AlertFeed feed)
{
    // A gateway that is lost cannot end the outages that it noticed.
    private static readonly TimeSpan LongestOutage = TimeSpan.FromDays(1);

    /// <summary>Stores what was noticed since the last call. What cannot be stored is kept for the next one.</summary>
    public async Task StoreAsync(CancellationToken cancellationToken)
    {
        while (feed.Providers.TryPeek(out var outage))
        {
            await StoreAsync(outage, cancellationToken);
            feed.Providers.Stored();
        }

        foreach (var trouble in feed.Records.Take())
        {
            if (!await TryStoreAsync(trouble, cancellationToken)) feed.Records.Return(trouble);
        }
    }

    private async Task StoreAsync(ProviderOutage outage, CancellationToken cancellationToken)
    {
        var key = $"provider:{outage.Provider}:{StoredText.Fit(outage.Model, StoredText.NameLength)}";
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var open = await context.Alerts.SingleOrDefaultAsync(alert => alert.OnceKey == key, cancellationToken);
        if (open is not null && (outage.Problem is null || open.At < outage.At - LongestOutage))
        {
            // The outage is over: the key is free for the next one.
            open.OnceKey = $"{key}:{open.Id:N}";
            await context.SaveChangesAsync(cancellationToken);
            open = null;
        }

        if (open is not null || outage.Problem is null) return;
        context.Alerts.Add(new Alert
        {
            Id = Guid.CreateVersion7(outage.At),
            Kind = AlertKind.Provider,
            At = outage.At,
            OnceKey = key,
            Provider = StoredText.Fit(outage.Provider, StoredText.NameLength),
            Model = outage.Model.Length == 0 ? null : StoredText.Fit(outage.Model, StoredText.NameLength),
            Problem = outage.Problem,
        });
        await context.SaveChangesAsync(cancellationToken);
        feed.Written(AlertKind.Provider);
    }

    /// <summary>False when another gateway has told of this kind of trouble in the same minute.</summary>
    private async Task<bool> TryStoreAsync(RecordTrouble trouble, CancellationToken cancellationToken)
    {
        try
        {
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            var key = string.Create(CultureInfo.InvariantCulture, $"record:{(int)trouble.Problem}:{trouble.At:yyyyMMddHHmm}");
            if (await context.Alerts.AnyAsync(alert => alert.OnceKey == key, cancellationToken)) return false;
            var ids = await IdsAsync(context, trouble, cancellationToken);
            context.Alerts.Add(new Alert
            {
                Id = Guid.CreateVersion7(trouble.At),
                Kind = AlertKind.Record,
                At = trouble.At,
                OnceKey = key,
                Problem = trouble.Problem,
                Count = trouble.Count,
                Requests = WordList.Join(ids.Select(id => id.ToString())),
            });
            await context.SaveChangesAsync(cancellationToken);
            feed.Written(AlertKind.Record);
            return true;
        }
        catch
        {
            feed.Records.Return(trouble);
            throw;
        }
    }

    private static async Task<List<Guid>> IdsAsync(GatewayContext context, RecordTrouble trouble, CancellationToken cancellationToken)
    {
        var ids = new List<Guid>();
        foreach (var record in trouble.First)
        {
            if (record.Id is { } known) ids.Add(known);
            else
            {
                ids.AddRange(await context.UsageRecords
                    .Where(each => each.UserId == record.UserId && each.CreatedAt == record.At && each.Status == UsageStatus.Expired)
                    .Select(each => each.Id).Take(TroubledRecords.MostNamed).ToListAsync(cancellationToken));
            }
        }

        return [.. ids.Distinct().Take(TroubledRecords.MostNamed)];
    }
}
