using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OrderSample.OrderService.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class TotalsByState : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_OrderStates_CurrentState_SubmittedAt_CorrelationId",
                table: "OrderStates");

            migrationBuilder.CreateIndex(
                name: "IX_OrderStates_CurrentState_SubmittedAt_CorrelationId",
                table: "OrderStates",
                columns: new[] { "CurrentState", "SubmittedAt", "CorrelationId" })
                .Annotation("Npgsql:IndexInclude", new[] { "Total" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_OrderStates_CurrentState_SubmittedAt_CorrelationId",
                table: "OrderStates");

            migrationBuilder.CreateIndex(
                name: "IX_OrderStates_CurrentState_SubmittedAt_CorrelationId",
                table: "OrderStates",
                columns: new[] { "CurrentState", "SubmittedAt", "CorrelationId" });
        }
    }
}
