using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace AiGateway.Infrastructure.Tests.Persistence.Databases;

/// <summary>SQL Server's own parser. It needs no server.</summary>
internal static class TransactSql
{
    public static IEnumerable<string> FaultsIn(string sql)
    {
        Parse(sql, out var faults);
        return faults.Select(fault => $"line {fault.Line}: {fault.Message}");
    }

    /// <summary>The MERGE statements and the hints on tables or queries, none of which the ledger may use.</summary>
    public static IReadOnlyList<string> BannedIn(string sql)
    {
        var banned = new Banned();
        Parse(sql, out _).Accept(banned);
        return banned.Found;
    }

    private static TSqlFragment Parse(string sql, out IList<ParseError> faults) =>
        new TSql160Parser(initialQuotedIdentifiers: true).Parse(new StringReader(sql), out faults);

    private sealed class Banned : TSqlFragmentVisitor
    {
        public List<string> Found { get; } = [];

        public override void Visit(MergeStatement node) => Found.Add("MERGE");

        public override void Visit(TableHint node) => Found.Add($"WITH ({node.HintKind})");

        public override void Visit(OptimizerHint node) => Found.Add($"OPTION ({node.HintKind})");
    }
}
