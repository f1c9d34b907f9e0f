using AiGateway.SideBySide.Measuring;

namespace AiGateway.SideBySide.Reports;

/// <summary>What a run prints and writes, and its exit code.</summary>
internal static class Outcome
{
    /// <summary>The part of the comparison in the document.</summary>
    private const string Comparison = "comparison";

    /// <summary>The part of the memory over time in the document.</summary>
    private const string OverTime = "memory over time";

    /// <summary>Reports a comparison.</summary>
    /// <param name="table">The figures.</param>
    /// <param name="health">Whether the open loop was sound.</param>
    /// <param name="soak">The memory over time; null if it was not measured.</param>
    /// <param name="committed">The table to compare with; null for no comparison.</param>
    /// <param name="options">What is written.</param>
    /// <returns>The exit code: 1 if a ratio is worse than the committed one or the machine was too busy to tell, else 0.</returns>
    public static int Report(Table table, LoadGeneratorHealth health, Soak? soak, CommittedTable? committed, Options options)
    {
        var (isSound, judgement) = health.Judge(table.Direct.Samples);
        var text = MainTable.Compose(table, judgement, options);
        Console.WriteLine(text);
        if (soak is not null) Console.WriteLine(MainTable.Compose(soak, options));
        var exitCode = committed is null ? 0 : Check(table, committed, isSound);
        if (options.Write)
        {
            Document.Write(Comparison, text);
            if (soak is not null) Document.Write(OverTime, MainTable.Compose(soak, options));
            CommittedTable.Of(table).Write();
        }

        return exitCode;
    }

    private static int Check(Table table, CommittedTable committed, bool isSound)
    {
        string[] worse = [.. Regressions.Find(table, committed)];
        foreach (var line in worse) Console.Error.WriteLine($"Worse: {line}");
        if (!isSound) Console.Error.WriteLine("The machine was busy. Repeat the check on a quiet machine.");
        if (worse.Length == 0 && isSound) Console.Error.WriteLine($"No ratio is more than 10 % worse than that of commit {committed.Commit}.");
        return worse.Length == 0 && isSound ? 0 : 1;
    }
}
