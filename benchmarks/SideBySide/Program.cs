using AiGateway.SideBySide;
using AiGateway.SideBySide.Scaling;
using AiGateway.SideBySide.Switching;
using AiGateway.SideBySide.Targets;

// Every target runs in its own process. This program is all of them except the gateway.
return args switch
{
    ["upstream"] => await Upstream.RunAsync(),
    ["proxy", var target] => await BareProxy.RunAsync(target),
    ["sink"] => await TelemetrySink.RunAsync(),
    ["ledger", var target, var file] => await BareLedger.RunAsync(target, file),
    _ when Options.TryParse(args, out var options) => await (options switch
    {
        { Scale: true } => ScaleRun.RunAsync(options),
        { TelemetryTurns: true } => SwitchRun.RunAsync(options),
        _ => Comparison.RunAsync(options),
    }),
    _ => Options.Explain(),
};
