namespace AiGateway.SideBySide.Switching;

/// <summary>Counts the requests that a gateway gets.</summary>
internal sealed class RequestCount : IStartupFilter
{
    private long _count;

    public long Now => Interlocked.Read(ref _count);

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(following => context =>
        {
            Interlocked.Increment(ref _count);
            return following(context);
        });
        next(app);
    };
}
