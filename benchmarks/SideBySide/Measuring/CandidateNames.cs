namespace AiGateway.SideBySide.Measuring;

/// <summary>The columns of the gateway.</summary>
internal static class CandidateNames
{
    public const string OnSqlite = "AiGateway on SQLite";

    public const string OnPostgres = "AiGateway on PostgreSQL";
}
