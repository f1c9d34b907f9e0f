using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace AiGateway.Api.Auth.Sessions;

/// <summary>
/// Data Protection with keys in the gateway's database. It has services of its own, because the framework's would read or
/// make the keys at each start: here that waits for the first sign-in.
/// </summary>
internal sealed class ConsoleProtection(IXmlRepository keys, ILoggerFactory loggers) : IDataProtectionProvider, IDisposable
{
    private readonly Lazy<ServiceProvider> _services = new(() => new ServiceCollection()
        .AddSingleton(loggers)
        .Configure<KeyManagementOptions>(options => options.XmlRepository = keys)
        .AddDataProtection().SetApplicationName("AiGateway")
        .Services.BuildServiceProvider());

    public IDataProtector CreateProtector(string purpose) => _services.Value.GetRequiredService<IDataProtectionProvider>().CreateProtector(purpose);

    public void Dispose()
    {
        if (_services.IsValueCreated) _services.Value.Dispose();
    }
}
