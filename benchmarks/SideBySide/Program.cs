using AiGateway.SideBySide;

// Every target runs in its own process. This program is all of them except the gateway.
return args switch
{
    ["upstream"] => await Upstream.RunAsync(),
    ["proxy", var target] => await BareProxy.RunAsync(target),
    ["sink"] => await TelemetrySink.RunAsync(),
    ["ledger", var target, var file] => await BareLedger.RunAsync(target, file),
    _ when Options.TryParse(args, out var options) => await Comparison.RunAsync(options),
    _ => Options.Explain(),
};
