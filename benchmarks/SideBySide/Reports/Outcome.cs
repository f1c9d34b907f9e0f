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
    /// <returns>The exit code: 1 if <c>--check</c> found a worse ratio or cannot tell, else 0.</returns>
    public static int Report(Table table, LoadGeneratorHealth health, Soak? soak, Options options)
    {
        var (isSound, judgement) = health.Judge(table.Direct.Samples);
        var text = MainTable.Compose(table, judgement, options);
        Console.WriteLine(text);
        if (soak is not null) Console.WriteLine(MainTable.Compose(soak, options));
        var exitCode = options.Check ? Check(table, isSound) : 0;
        if (options.Write)
        {
            Document.Write(Comparison, text);
            if (soak is not null) Document.Write(OverTime, MainTable.Compose(soak, options));
            CommittedTable.Of(table).Write();
        }

        return exitCode;
    }

    private static int Check(Table table, bool isSound)
    {
        if (CommittedTable.Read() is not { } committed)
        {
            Console.Error.WriteLine("There is no committed table. Nothing was compared. Make one on a quiet machine with --write.");
            return 1;
        }

        string[] worse = [.. Regressions.Find(table, committed)];
        foreach (var line in worse) Console.Error.WriteLine($"Worse: {line}");
        if (!isSound) Console.Error.WriteLine("The machine was busy. Repeat the check on a quiet machine.");
        if (worse.Length == 0 && isSound) Console.Error.WriteLine($"No ratio is more than 10 % worse than that of commit {committed.Commit}.");
        return worse.Length == 0 && isSound ? 0 : 1;
    }
}
