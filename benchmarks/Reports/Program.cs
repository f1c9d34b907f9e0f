using AiGateway.Reports;

return Options.TryParse(args, out var options) ? await Trial.RunAsync(options) : Options.Explain();
