using AiGateway.Application.Providers;
using FluentValidation;
using MediatR;

namespace AiGateway.Api.Tests.Architecture;

/// <summary>Use cases that break the rules on purpose. They show that each rule fails when it is broken.</summary>
internal static class WrongUseCases
{
    public sealed record Orphan : IRequest;

    public sealed record Disputed : IRequest;

    public sealed record BackDoor : IRequest;

    public sealed class SendingHandler(IMediator mediator) : AsyncRequestHandler<Disputed>
    {
        protected override Task Handle(Disputed request, CancellationToken cancellationToken) =>
            mediator.Send(new BackDoor(), cancellationToken);
    }

    public sealed class SecondHandler : AsyncRequestHandler<Disputed>
    {
        protected override Task Handle(Disputed request, CancellationToken cancellationToken) => Task.CompletedTask;
    }

    public sealed class BackDoorHandler(IModelAdapter adapter, ModelCall call) : AsyncRequestHandler<BackDoor>
    {
        protected override async Task Handle(BackDoor request, CancellationToken cancellationToken) =>
            await adapter.GenerateAsync(call, cancellationToken);
    }
}

/// <summary>A handler that code outside the pipeline can call.</summary>
public sealed class PublicHandler : RequestHandler<PublicHandler.Order>
{
    /// <inheritdoc/>
    protected override void Handle(Order request)
    {
    }

    /// <summary>The request of the handler.</summary>
    public sealed record Order : IRequest;
}

/// <summary>A validator that other classes can derive from.</summary>
public class OpenValidator : AbstractValidator<PublicHandler.Order>;
