using AiGateway.Application.Administration;
using AiGateway.Application.Providers;
using AiGateway.Application.Validation;
using AiGateway.Domain;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.Switches;

/// <summary>Switches a provider, or one model of it, off or on. Requests in progress are not touched.</summary>
/// <param name="By">The administrator.</param>
/// <param name="Provider">The provider's name.</param>
/// <param name="Model">The model's name at the gateway; null: the whole provider.</param>
/// <param name="Enabled">Whether it gets requests from now on; null is a fault.</param>
public sealed record SetSwitch(Actor By, string Provider, string? Model, bool? Enabled)
    : IRequest<ConfiguredProvider>, IAdministrativeChange<ConfiguredProvider>
{
    AdministrativeAction IAdministrativeChange<ConfiguredProvider>.Describe(ConfiguredProvider set) => new(
        AdminActions.SwitchProvider, Model is null ? $"provider {Provider}" : $"model {Model} of provider {Provider}", Enabled == true ? "on" : "off");
}

internal sealed class SetSwitchValidator : AbstractValidator<SetSwitch>
{
    public SetSwitchValidator()
    {
        RuleFor(command => command.Enabled).NotNull().WithMessage("is required: true or false");
        RuleFor(command => command.Model).IsName(StorableText.NameLength);
    }
}

internal sealed class SetSwitchHandler(IProviderDirectory providers, ISwitchStore store, SwitchBoard switches, TimeProvider time)
    : IRequestHandler<SetSwitch, ConfiguredProvider>
{
    public async Task<ConfiguredProvider> Handle(SetSwitch command, CancellationToken cancellationToken)
    {
        var adapter = providers.Current.Find(command.Provider)
            ?? throw new AiGatewayException(ErrorCode.NotFound, $"The provider {command.Provider} is not configured.");
        if (command.Model is { } model && adapter.FindModel(model) is null)
            throw new InvalidRequestException("model", $"the provider {command.Provider} does not serve it");
        await store.SaveAsync(command.Provider, command.Model ?? "", command.Enabled == false, command.By, time.GetUtcNow(), cancellationToken);
        await switches.RefreshAsync(cancellationToken);
        return ConfiguredProvider.Of(adapter, switches);
    }
}
