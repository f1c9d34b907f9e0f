namespace AiGateway.SideBySide.Targets;

/// <summary>A receiver of OpenTelemetry's protocol that reads everything and keeps nothing.</summary>
internal static class TelemetrySink
{
    public static Task<int> RunAsync()
    {
        var app = Server.Build();
        app.Run(static context =>
        {
            context.Response.ContentType = "application/x-protobuf";
            return context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        });
        return Server.RunAsync(app);
    }
}
