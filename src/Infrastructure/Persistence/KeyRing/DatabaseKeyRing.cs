using System.Xml.Linq;
using AiGateway.Infrastructure.Persistence.Engines;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence.KeyRing;

/// <summary>
/// The keys that seal the sessions of the console, in the gateway's database: every gateway reads what another one sealed.
/// Nothing is read before the console is used.
/// </summary>
internal sealed class DatabaseKeyRing(IDbContextFactory<GatewayContext> contexts, TimeProvider time) : IXmlRepository
{
    private int _seen;

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        var keys = contexts.ReadAsync("SELECT xml FROM console_keys ORDER BY created_at", [], static row => XElement.Parse(row.GetString(0)), CancellationToken.None)
            .GetAwaiter().GetResult();
        Volatile.Write(ref _seen, keys.Count);
        return keys;
    }

    /// <summary>
    /// Stores a new key, unless another gateway stored one since the last read. Then both use the stored one; with a key each,
    /// a gateway would refuse the sessions of the other until it reads the keys again, up to a day later.
    /// </summary>
    public void StoreElement(XElement element, string friendlyName) => contexts.RunAsync(
        (context, attempt) => StoreAsync(context, element.ToString(SaveOptions.DisableFormatting), attempt), CancellationToken.None)
        .GetAwaiter().GetResult();

    private async Task<bool> StoreAsync(GatewayContext context, string xml, CancellationToken cancellationToken)
    {
        await using var transaction = await context.BeginAloneAsync(DatabaseLock.ConsoleKeys, cancellationToken);
        if (await context.ConsoleKeys.CountAsync(cancellationToken) > Volatile.Read(ref _seen)) return false;
        var now = time.GetUtcNow();
        context.ConsoleKeys.Add(new RingKey { Id = Guid.CreateVersion7(now), CreatedAt = now, Xml = xml });
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }
}
