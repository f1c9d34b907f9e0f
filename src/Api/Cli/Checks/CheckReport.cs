using AiGateway.Infrastructure.Configuration;

namespace AiGateway.Api.Cli.Checks;

/// <summary>What a check found, in lines of plain text: facts, then warnings, then faults.</summary>
internal sealed class CheckReport
{
    private readonly List<string> _found = [];
    private readonly List<string> _warnings = [];
    private readonly List<string> _faults = [];

    public bool HasFaults => _faults.Count > 0;

    public void Found(string what, string value) => _found.Add($"{what}: {value}");

    public void Warn(string warning) => _warnings.Add(warning);

    public void Fault(string fault) => _faults.Add(fault);

    public void Fault(ConfigurationFaultsException faults) => _faults.AddRange(faults.Faults.Select(each => each.ToString()));

    public override string ToString()
    {
        IEnumerable<string> conclusion = HasFaults
            ? [$"{_faults.Count} faults were found. The gateway would not start or not serve. Correct each of them and check again:", .. _faults.Select(line => $"  {line}")]
            : ["No fault was found. The gateway can start with these settings."];
        return string.Concat(_found.Concat(_warnings.Select(line => $"warning: {line}")).Concat(conclusion).Select(line => line + Environment.NewLine));
    }
}
