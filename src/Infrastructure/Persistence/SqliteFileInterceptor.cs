using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AiGateway.Infrastructure.Persistence;

/// <summary>Keeps contexts from a lost file, and from its replacement until the ledger has opened it.</summary>
internal sealed class SqliteFileInterceptor(SqliteFile file) : DbConnectionInterceptor
{
    public override InterceptionResult ConnectionOpening(DbConnection connection, ConnectionEventData eventData, InterceptionResult result)
    {
        file.Check();
        return result;
    }

    public override ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        file.Check();
        return new(result);
    }
}
