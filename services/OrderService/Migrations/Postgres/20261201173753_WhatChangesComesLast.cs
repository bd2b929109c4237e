using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OrderSample.OrderService.Migrations.Postgres
{
    /// <summary>
    /// Moves the saga's state and timeline to the end of its row, because a column stays where it was created, and turns the timeline round.
    /// A replica of the version before can't write such rows: stop all of them first.
    /// </summary>
    public partial class WhatChangesComesLast : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            Move(migrationBuilder, "json", """
                (SELECT coalesce(json_agg(entry ORDER BY place DESC), '[]') FROM jsonb_array_elements("OldTimeline") WITH ORDINALITY AS old(entry, place))
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            Move(migrationBuilder, "jsonb", """
                (SELECT coalesce(jsonb_agg(entry ORDER BY place DESC), '[]') FROM json_array_elements("OldTimeline") WITH ORDINALITY AS old(entry, place))
                """);
        }

        private static void Move(MigrationBuilder migrationBuilder, string type, string timeline)
        {
            migrationBuilder.RenameColumn("CurrentState", "OrderStates", "OldState");
            migrationBuilder.RenameColumn("Timeline", "OrderStates", "OldTimeline");
            migrationBuilder.Sql($"""
                ALTER TABLE "OrderStates" ADD COLUMN "CurrentState" character varying(32), ADD COLUMN "Timeline" {type};
                UPDATE "OrderStates" SET "CurrentState" = "OldState", "Timeline" = {timeline};
                ALTER TABLE "OrderStates" ALTER COLUMN "CurrentState" SET NOT NULL, ALTER COLUMN "Timeline" SET NOT NULL;
                """);
            // Its index goes with the state.
            migrationBuilder.DropColumn("OldState", "OrderStates");
            migrationBuilder.DropColumn("OldTimeline", "OrderStates");
            migrationBuilder.CreateIndex(
                name: "IX_OrderStates_CurrentState_SubmittedAt_CorrelationId",
                table: "OrderStates",
                columns: new[] { "CurrentState", "SubmittedAt", "CorrelationId" })
                .Annotation("Npgsql:IndexInclude", new[] { "Total" });
        }
    }
}
